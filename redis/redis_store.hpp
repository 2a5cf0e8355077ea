#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/list_write.hpp"
#include "redis/profile_store.hpp"
#include "redis/redis_connection.hpp"

#include <optional>
#include <string>
#include <string_view>
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
  result<void> ping() override;
  store_state state() const override;

private:
  using clock = redis_connection::clock;

  result<void> connect();
  redis_connection::answers exchange(const command_batch& commands, clock::time_point deadline);
  result<reply_ptr> ask(const command_batch& one_command);
  void store_again(gsl::span<const store_command> commands, const std::vector<std::size_t>& which,
                   bool whole_script, std::vector<store_reply>& replies, clock::time_point deadline);
  void give_up(bool list_dialect::*what, std::string_view message, const error& reason);
  void look_up_empty(gsl::span<const store_command> commands, std::vector<store_reply>& replies,
                     clock::time_point deadline);
  void lose(error reason);
  tl::unexpected<error> paused(std::chrono::milliseconds left) const;

  store_settings settings_;
  list_dialect lists_;   ///< Of the present connection.
  std::string given_up_; ///< What was logged of that, so that it is logged once.
  backoff pauses_;
  std::optional<redis_connection> connection_;
  bool stale_ = false; ///< The connection works, but the next call must replace it.
  std::optional<error> last_error_;
  std::uint64_t connects_ = 0;
  std::uint64_t failures_ = 0;
};

} // namespace winnow
