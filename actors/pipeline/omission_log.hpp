#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace winnow {

/// Logs that a stage was left out of lists: the first time at once, then at most every few seconds with how
/// often it was. A stage that is down concerns every request, and a line for each would bury the log. Used by
/// one thread.
class omission_log {
public:
  static constexpr std::chrono::seconds interval{5};

  void note(std::string_view stage, const std::string& reason);

private:
  struct entry {
    std::chrono::steady_clock::time_point told{};
    std::uint64_t untold = 0;
  };

  std::map<std::string, entry, std::less<>> stages_;
};

} // namespace winnow
