#pragma once

#include "redis/profile_store.hpp"
#include "redis/store/redis_store.hpp"
#include "redis/transport/poll_group.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace winnow {

/// A store behind sentinels whose reads go to a replica, and to the master if the replica fails or there is
/// none. All else goes to the master, also the comparison of a list's profile. Reads may be as old as the
/// replica is behind. Threads, blocking and errors: see `profile_store`.
class replica_reader final : public profile_store {
public:
  replica_reader(const store_settings& settings, const store_sightings_ptr& shared);

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override;
  void submit(std::uint64_t ticket, std::vector<store_command> commands) override;
  std::vector<finished_commands> collect(std::chrono::microseconds patience) override;
  std::optional<store_wait> awaited() const override;
  void begin_probe() override { master_.begin_probe(); }
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override;
  result<std::uint64_t> key_count() override { return master_.key_count(); }
  result<void> probe() override { return master_.probe(); }
  store_state state() const override;

private:
  /// Commands of one ticket, or of one `execute`.
  struct job {
    std::vector<store_command> commands;
    std::vector<store_reply> replies;
    std::vector<std::size_t> at_master; ///< Which of them were sent there,
    std::vector<std::size_t> at_replica;
  };

  static job split(std::vector<store_command> commands);
  static std::vector<store_command> chosen(const job& one, const std::vector<std::size_t>& which);
  static void put(job& one, const std::vector<std::size_t>& which, std::vector<store_reply> replies);
  static std::vector<std::size_t> refused_by_replica(const job& one);
  void end_if_complete(std::uint64_t ticket);
  void take_from_replica(finished_commands done);
  void take_from_master(finished_commands done);

  redis_store master_;
  redis_store replica_;
  std::map<std::uint64_t, job> under_way_;
  poll_group both_; ///< The sockets of the two.
};

} // namespace winnow
