#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Keeps problems of single users or requests from flooding the log: of each cause, the first one is reported
/// at once, and then at most one report per `interval`, with a count and an example. Thread-safe.
class flood_limit {
public:
  using clock = std::chrono::steady_clock;

  /// One log line.
  struct report {
    std::string_view cause;
    std::uint64_t count;      ///< Occurrences since the last report, this one included.
    std::string_view subject; ///< The example: what is affected, such as a key.
    std::string_view reason;  ///< What is wrong with it.
  };

  /// @param write Logs a report. It is called under a lock, also by the destructor, and must not call this
  /// object.
  explicit flood_limit(std::function<void(const report&)> write,
                       std::chrono::milliseconds interval = std::chrono::minutes(1))
      : write_(std::move(write)), interval_(interval) {}

  ~flood_limit() { report_all(); } ///< A count that was not reported would be lost.
  flood_limit(const flood_limit&) = delete;
  flood_limit& operator=(const flood_limit&) = delete;

  /// Notes one occurrence. There is an entry for each `cause`, so there must be few of them.
  void note(std::string_view cause, std::string_view subject, std::string_view reason,
            clock::time_point now = clock::now());

  /// Reports the occurrences that were noted since the last report, if the interval is over. The owner calls
  /// this from time to time; otherwise the last ones are only reported together with the next one.
  void report_due(clock::time_point now = clock::now());

  /// Reports them whether or not the interval is over, as at the end.
  void report_all(clock::time_point now = clock::now());

private:
  struct entry {
    std::optional<clock::time_point> reported; ///< Time of the last report.
    std::uint64_t unreported = 0;              ///< Occurrences since then.
    std::string subject;                       ///< Of the first of those.
    std::string reason;
  };

  bool is_due(const entry& of, clock::time_point now) const;
  void write_unreported(entry& known, std::string_view cause, clock::time_point now);

  const std::function<void(const report&)> write_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::map<std::string, entry, std::less<>> causes_;
};

} // namespace winnow
