#include "actors/status/latency_buckets.hpp"

#include <algorithm>
#include <numeric>

namespace winnow {

std::size_t latency_buckets::index_of(std::chrono::nanoseconds latency) noexcept {
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0)) / 1000;
  if (us < 4)
    return us;
  const auto exponent = static_cast<std::size_t>(63 - __builtin_clzll(us));
  return std::min(4 * (exponent - 1) + ((us >> (exponent - 2)) & 3u), count - 1);
}

std::chrono::microseconds latency_buckets::begin_of(std::size_t index) noexcept {
  if (index < 4)
    return std::chrono::microseconds(index);
  const std::size_t exponent = index / 4 + 1;
  return std::chrono::microseconds((4 + index % 4) << (exponent - 2));
}

std::chrono::microseconds latency_buckets::quantile(const counts& counted, double q) noexcept {
  const auto all = std::accumulate(counted.begin(), counted.end(), std::uint64_t{0});
  if (all == 0)
    return {};
  const double wanted = q * static_cast<double>(all);
  double before = 0;
  std::size_t at = 0;
  while (at + 1 < count && before + counted[at] < wanted)
    before += counted[at++];
  const double inside = counted[at] == 0 ? 1.0 : std::min((wanted - before) / counted[at], 1.0);
  const auto begin = begin_of(at);
  const auto width = begin_of(at + 1) - begin;
  return begin +
         std::chrono::microseconds(static_cast<std::int64_t>(static_cast<double>(width.count()) * inside));
}

} // namespace winnow
