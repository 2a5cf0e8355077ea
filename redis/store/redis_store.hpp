#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/connection/command_channel.hpp"
#include "redis/connection/redis_connection.hpp"
#include "redis/connection/round_trips.hpp"
#include "redis/profile_store.hpp"
#include "redis/sentinel/failover_watch.hpp"
#include "redis/store/list_write.hpp"
#include "redis/store/service_record.hpp"
#include "redis/store/store_probe.hpp"
#include "redis/store/store_protocol.hpp"
#include "redis/store/store_sightings.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The profile store in a Redis server. Threads, blocking and errors: see `profile_store`.
class redis_store final : public profile_store {
public:
  /// @param shared By the stores of a daemon; null: by none.
  explicit redis_store(const store_settings& settings, store_sightings_ptr shared = nullptr);
  /// For tests, which pass their own clock.
  redis_store(store_settings settings, backoff pauses, store_sightings_ptr shared = nullptr);

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override;
  void submit(std::uint64_t ticket, std::vector<store_command> commands) override;
  std::vector<finished_commands> collect(std::chrono::microseconds patience) override;
  std::optional<store_wait> awaited() const override;
  void begin_probe() override;
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override;
  result<std::uint64_t> key_count() override;
  result<void> probe() override;
  store_state state() const override;

private:
  using clock = redis_connection::clock;
  struct job;
  using job_ptr = std::shared_ptr<job>;

  result<void> connect();
  void begin(const job_ptr& one);
  void ask(const job_ptr& one);
  void take(job& one, redis_connection::answers answers);
  void take_reply(job& one, std::size_t index, gsl::span<const reply_ptr> replies);
  void send_probe();
  void note_timestamps(const scan_page& page);
  void note_probe(const store_probe& probing, redis_connection::answers answers);
  result<reply_ptr> ask(std::size_t server, const command_batch& one_command);
  void take_comparison(job& one, std::size_t index, gsl::span<const reply_ptr> replies);
  void give_up(bool list_dialect::*what, std::string_view message, const error& reason);
  void send(const command_batch& commands, command_channel::receiver take);
  command_channel::receiver noting(command_channel::receiver take);
  result<std::unique_ptr<command_channel>> open_channel();
  void move();
  bool wait(clock::time_point until) const;
  void move_until(const std::function<bool()>& condition);
  void lose(error reason);
  std::uint64_t failovers() const;
  std::optional<std::chrono::nanoseconds> request_takes() const;
  tl::unexpected<error> paused(std::chrono::milliseconds left) const;

  store_settings settings_;
  store_dialect dialect_;    ///< Of the present connection.
  std::string given_up_;     ///< What was logged of that, so that it is logged once.
  store_sightings_ptr seen_; ///< Never null.
  service_record service_;
  bool wide_probe_ = true; ///< The next probe asks for many keys, because it may meet a node of a cluster.
  bool probing_ = false;   ///< A probe is under way.
  result<void> probed_;    ///< The outcome of the last probe.
  std::shared_ptr<failover_watch> watch_; ///< If there are sentinels.
  std::uint64_t known_failovers_ = 0;     ///< When the present connection was opened.
  backoff pauses_;
  round_trips trips_;
  std::vector<store_place> nodes_; ///< Of a cluster, as far as they are known.
  std::unique_ptr<command_channel> stream_;
  bool stale_ = false; ///< The connection works, but the next call must replace it.
  std::optional<error> last_error_;
  std::uint64_t connects_ = 0;
  std::uint64_t failures_ = 0;
};

} // namespace winnow
