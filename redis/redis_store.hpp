#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/profile_store.hpp"
#include "redis/redis_connection.hpp"
#include "redis/service_record.hpp"
#include "redis/store_protocol.hpp"

#include <optional>
#include <vector>

namespace winnow {

/// The profile store in a Redis server. Threads, blocking and errors: see `profile_store`.
class redis_store final : public profile_store {
public:
  explicit redis_store(const store_settings& settings);
  redis_store(store_settings settings, backoff pauses); ///< For tests, which pass their own clock.

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override;
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override;
  result<std::uint64_t> key_count() override;
  result<void> probe() override;
  store_state state() const override;

private:
  using clock = redis_connection::clock;

  result<void> connect();
  std::vector<store_reply> run(gsl::span<const store_command> commands, clock::time_point deadline);
  void ask_again(gsl::span<const store_command> commands, const std::vector<std::size_t>& which,
                 std::vector<store_reply>& replies, clock::time_point deadline);
  result<void> probe(clock::time_point deadline);
  redis_connection::answers exchange(const command_batch& commands, clock::time_point deadline);
  result<reply_ptr> ask(const command_batch& one_command);
  void look_up_empty(gsl::span<const store_command> commands, std::vector<store_reply>& replies,
                     clock::time_point deadline);
  void lose(error reason);
  tl::unexpected<error> paused(std::chrono::milliseconds left) const;

  store_settings settings_;
  store_dialect dialect_;
  service_record service_;
  bool wide_probe_ = true; ///< The next probe asks for many keys, because it may meet a node of a cluster.
  backoff pauses_;
  std::optional<redis_connection> connection_;
  bool stale_ = false; ///< The connection works, but the next call must replace it.
  std::optional<error> last_error_;
  std::uint64_t connects_ = 0;
  std::uint64_t failures_ = 0;
};

} // namespace winnow
