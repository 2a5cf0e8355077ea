#include "tools/winnow-bench/latency_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace winnow::bench {

namespace {

// Each power of two has 128 buckets, 0.8 % wide. A value's highest 8 bits select its bucket.
constexpr unsigned fine_bits = 7;
constexpr std::uint64_t fine = std::uint64_t{1} << fine_bits;
constexpr unsigned powers = 44 - fine_bits; // up to 2^44 ns, almost five hours

std::size_t bucket_of(std::uint64_t nanoseconds) {
  const auto value = std::min(nanoseconds, (std::uint64_t{1} << 44U) - 1);
  if (value < 2 * fine)
    return value;
  const auto shift = 63U - static_cast<unsigned>(__builtin_clzll(value)) - fine_bits;
  return shift * fine + (value >> shift);
}

/// Returns the greatest value of a bucket.
std::uint64_t end_of(std::size_t bucket) {
  if (bucket < 2 * fine)
    return bucket;
  const auto shift = bucket / fine - 1;
  return ((bucket - shift * fine + 1) << shift) - 1;
}

} // namespace

latency_histogram::latency_histogram() : buckets_((powers + 1) * fine) {}

void latency_histogram::add(duration latency) {
  const auto value = std::max(latency, duration(0));
  ++buckets_[bucket_of(static_cast<std::uint64_t>(value.count()))];
  ++count_;
  max_ = std::max(max_, value);
}

void latency_histogram::merge(const latency_histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

latency_histogram::duration latency_histogram::percentile(double percent) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(percent / 100 * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > 0 && seen >= wanted)
      return std::min(duration(end_of(i)), max_);
  }
  return duration(0);
}

double milliseconds_of(latency_histogram::duration latency) {
  return std::chrono::duration<double, std::milli>(latency).count();
}

} // namespace winnow::bench
