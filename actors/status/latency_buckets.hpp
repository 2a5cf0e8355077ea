#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace winnow {

/// Latencies in buckets that widen with what they hold, four to each doubling: a quantile is off by at most a
/// tenth or so, from microseconds to half a minute, for a few hundred bytes.
struct latency_buckets {
  static constexpr std::size_t count = 96;
  using counts = std::array<std::uint32_t, count>;

  static std::size_t index_of(std::chrono::nanoseconds latency) noexcept;

  /// Where a bucket begins; it ends where the next one begins.
  static std::chrono::microseconds begin_of(std::size_t index) noexcept;

  /// The latency that a share `q` of those counted does not exceed; zero where nothing was counted.
  static std::chrono::microseconds quantile(const counts& counted, double q) noexcept;
};

} // namespace winnow
