#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/redis_server.hpp"
#include "tools/support/temp_dir.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// A master, a replica of it, and three sentinels that call the master `shop`. Ready when constructed. All
/// functions throw std::runtime_error if the servers do not do what is requested.
class sentinel_group {
public:
  static constexpr std::size_t sentinels = 3;

  /// @param password Of the sentinels; empty: none.
  explicit sentinel_group(const std::string& password = {});

  redis_server& first() noexcept { return first_; }   ///< The master at the beginning.
  redis_server& second() noexcept { return second_; } ///< Its replica at the beginning.
  redis_server& master();                             ///< According to the second sentinel.
  redis_server& replica() { return &master() == &first_ ? second_ : first_; }

  void stop_sentinel(std::size_t index);
  void start_sentinel(std::size_t index);

  /// Makes the replica the master, and waits until a sentinel says so.
  void fail_over();

  /// Waits until the sentinels know each other, and a replica that is in step.
  void await_order();

  std::uint16_t sentinel_port(std::size_t index) const { return sentinels_.at(index).port; }

private:
  struct sentinel {
    std::uint16_t port = 0;
    std::unique_ptr<child_process> process;
  };

  std::string ask(std::size_t index, const std::vector<std::string>& words) const; ///< Empty: no answer.

  std::string password_;
  temp_dir directory_;
  redis_server first_;
  redis_server second_;
  std::array<sentinel, sentinels> sentinels_;
};

} // namespace winnow
