#pragma once

#include "actors/tracing/request_trace.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace winnow {

/// The last slow requests: kept for operators, and logged with one line each, but with no more than a few
/// dozen a second. Thread-safe.
class slow_requests {
public:
  explicit slow_requests(std::chrono::milliseconds threshold) : threshold_(threshold) {}

  static constexpr std::size_t most_kept = 200;

  bool is_slow(std::chrono::nanoseconds took) const noexcept { return took >= threshold_; }

  /// Adds a trace that has ended.
  void add(const request_trace& trace, std::chrono::nanoseconds took);

  /// `{"threshold_ms":50,"requests":[…]}`, the newest last.
  std::string json() const;

private:
  bool may_log(request_trace::time_point now);

  const std::chrono::milliseconds threshold_;
  mutable std::mutex mutex_;
  std::deque<std::string> kept_; ///< JSON objects, the oldest first.
  request_trace::time_point second_begins_{};
  std::size_t lines_ = 0;     ///< Logged in this second.
  std::uint64_t omitted_ = 0; ///< Not logged since the last line.
};

} // namespace winnow
