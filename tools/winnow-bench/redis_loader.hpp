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

  /// SET `user_profile:{user}` of each, 500 commands a round trip. @return `io_error`.
  result<void> store_profiles(const std::vector<std::string>& users,
                              const std::vector<std::string>& profiles);

  /// GET of a profile and SET of a list for each user, as a request needs them, 16 users a round trip.
  result<void> exchange_lists(const std::vector<std::string>& users);

  result<std::uint64_t> key_count(); ///< DBSIZE
  result<void> clear();              ///< FLUSHALL

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
