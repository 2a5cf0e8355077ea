#include "models/trials/bucket_split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <xxhash.h>

namespace winnow {

namespace {

/// How many buckets each arm gets: its share rounded down, and one more where most was cut off.
std::vector<std::size_t> sizes_of(gsl::span<const double> weights) {
  const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::size_t> sizes;
  std::vector<double> cut;
  std::size_t given = 0;
  for (const double weight : weights) {
    const double share = weight / all * static_cast<double>(bucket_count);
    sizes.push_back(static_cast<std::size_t>(std::floor(share)));
    cut.push_back(share - std::floor(share));
    given += sizes.back();
  }
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return cut[a] > cut[b]; });
  for (std::size_t i = 0; given < bucket_count; ++i, ++given)
    ++sizes[order[i % order.size()]];
  return sizes;
}

} // namespace

std::size_t bucket_of(std::string_view salt, std::string_view user_id) {
  const auto seed = XXH3_64bits(salt.data(), salt.size());
  return XXH3_64bits_withSeed(user_id.data(), user_id.size(), seed) % bucket_count;
}

std::vector<std::uint8_t> split_buckets(gsl::span<const double> weights,
                                        const std::vector<std::uint8_t>& before) {
  auto room = sizes_of(weights);
  std::vector<std::uint8_t> arms(bucket_count, no_arm);
  for (std::size_t i = 0; i < before.size() && i < bucket_count; ++i)
    if (before[i] < room.size() && room[before[i]] > 0) {
      arms[i] = before[i];
      --room[before[i]];
    }
  std::size_t next = 0;
  for (auto& arm : arms) {
    if (arm != no_arm)
      continue;
    while (room[next] == 0)
      ++next;
    arm = static_cast<std::uint8_t>(next);
    --room[next];
  }
  return arms;
}

} // namespace winnow
