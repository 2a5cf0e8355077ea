#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct redisContext;

namespace winnow::bench {

/// A pipelining client of a Redis server on 127.0.0.1.
class redis_loader {
public:
  /// @return `unavailable`.
  static result<redis_loader> connect(std::uint16_t port);

  /// Sends SET `user_profile:{user}` for each user, 500 commands per round trip. @return `io_error`.
  result<void> store_profiles(const std::vector<std::string>& users,
                              const std::vector<std::string>& profiles);

  /// Sends the commands of a request for each user, GET of a profile and SET of a list, 16 users per round
  /// trip.
  result<void> exchange_lists(const std::vector<std::string>& users);

  result<std::uint64_t> key_count(); ///< DBSIZE
  result<bool> exists(const std::string& key);
  result<void> clear(); ///< FLUSHALL
  /// A number of INFO, such as `used_memory`. @return `malformed` if INFO does not have it.
  result<double> info(const std::string& field);

private:
  struct closer {
    void operator()(redisContext* context) const noexcept;
  };
  explicit redis_loader(redisContext* context) : context_(context) {}
  result<std::int64_t> ask(const char* command);
  result<std::int64_t> reply();
  result<void> replies(std::size_t count);
  void append(std::initializer_list<std::string_view> words);

  std::unique_ptr<redisContext, closer> context_;
};

} // namespace winnow::bench
