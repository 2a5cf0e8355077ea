#pragma once

#include "store_settings_for.hpp"
#include "support/child_process.hpp"
#include "support/redis_server.hpp"
#include "support/temp_dir.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace winnow::test {

/// A master, a replica of it, and three sentinels that call the master `shop`. Ready when constructed.
class sentinel_setup {
public:
  /// @param password Of the sentinels; empty: none.
  explicit sentinel_setup(const std::string& password = {});

  /// Settings with the addresses of the sentinels, and their password.
  store_settings settings() const;

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

  std::string ask(std::size_t index, std::vector<std::string> words) const;

  std::string password_;
  temp_dir directory_;
  redis_server first_;
  redis_server second_;
  std::array<sentinel, 3> sentinels_;
};

} // namespace winnow::test
