#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace winnow {

/// Counts latencies in buckets that widen exponentially, four per doubling. Quantiles are accurate to about a
/// tenth from microseconds to half a minute, at a cost of a few hundred bytes.
struct latency_buckets {
  static constexpr std::size_t count = 96;
  using counts = std::array<std::uint32_t, count>;

  static std::size_t index_of(std::chrono::nanoseconds latency) noexcept;

  /// Returns the lower bound of a bucket; the upper bound is the lower bound of the next one.
  static std::chrono::microseconds begin_of(std::size_t index) noexcept;

  /// Returns the latency that a share `q` of those counted does not exceed; zero if nothing was counted.
  static std::chrono::microseconds quantile(const counts& counted, double q) noexcept;
};

} // namespace winnow
