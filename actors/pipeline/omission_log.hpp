#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Logs that a stage was left out of lists: the first time at once, then at most every few seconds with how
/// often it happened. A stage that is down affects every request, and one line for each would bury the log.
/// Used by one thread.
class omission_log {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds interval{5};

  void note(std::string_view stage, const std::string& reason, clock::time_point now = clock::now());

private:
  struct entry {
    std::optional<clock::time_point> logged; ///< Last.
    std::uint64_t unlogged = 0;              ///< Omissions since.
  };

  std::map<std::string, entry, std::less<>> stages_;
};

} // namespace winnow
