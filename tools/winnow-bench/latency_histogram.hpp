#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace winnow::bench {

/// A histogram of latencies from a nanosecond to hours, in steps of less than 1 %. Takes about 38 KB, however
/// many values it holds.
class latency_histogram {
public:
  using duration = std::chrono::nanoseconds;

  latency_histogram();

  void add(duration latency); ///< A negative latency counts as zero.
  void merge(const latency_histogram& other);

  std::uint64_t count() const { return count_; }
  duration max() const { return max_; } ///< Exact.

  /// Returns the latency that `percent` of the values do not exceed, rounded up by less than 1 %. Zero if the
  /// histogram is empty.
  duration percentile(double percent) const;

private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  duration max_{0};
};

/// Converts to milliseconds, the unit of the reports.
double milliseconds_of(latency_histogram::duration latency);

} // namespace winnow::bench
