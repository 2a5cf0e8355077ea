#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Logs that a stage was left out of lists: the first time immediately, then at most once per `interval` with
/// the number of lists. A stage that is down affects every request, and a line for each would flood the log.
/// Not thread-safe.
class omission_log {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds interval{5};

  void note(std::string_view stage, const std::string& reason, clock::time_point now = clock::now());

private:
  struct entry {
    std::optional<clock::time_point> logged; ///< Time of the last log line.
    std::uint64_t unlogged = 0;              ///< Omissions since then.
  };

  std::map<std::string, entry, std::less<>> stages_;
};

} // namespace winnow
