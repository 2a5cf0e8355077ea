#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace winnow::bench {

/// How long things took, from a microsecond to hours in steps of less than 1 %; about 20 KB whatever the
/// number.
class latency_histogram {
public:
  using duration = std::chrono::nanoseconds;

  latency_histogram();

  void add(duration latency); ///< Below zero counts as zero.
  void merge(const latency_histogram& other);

  std::uint64_t count() const { return count_; }
  duration max() const { return max_; } ///< Exact.

  /// The latency that `percent` of all do not exceed, rounded up by less than 1 %; zero without any.
  duration percentile(double percent) const;

private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  duration max_{0};
};

/// In milliseconds, as reports show it.
double milliseconds_of(latency_histogram::duration latency);

} // namespace winnow::bench
