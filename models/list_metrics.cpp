#include "models/list_metrics.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

double gain(std::size_t position) {
  return 1 / std::log2(static_cast<double>(position) + 2);
}

} // namespace

std::vector<std::size_t> hit_positions(gsl::span<const std::uint32_t> list,
                                       gsl::span<const std::uint32_t> wanted) {
  std::vector<std::size_t> hits;
  for (std::size_t position = 0; position < list.size(); ++position)
    if (std::binary_search(wanted.begin(), wanted.end(), list[position]))
      hits.push_back(position);
  return hits;
}

double recall_at(gsl::span<const std::size_t> hits, std::size_t k, std::size_t wanted) {
  const auto within = std::count_if(hits.begin(), hits.end(), [k](std::size_t hit) { return hit < k; });
  return static_cast<double>(within) / static_cast<double>(wanted);
}

double ndcg_at(gsl::span<const std::size_t> hits, std::size_t k, std::size_t wanted) {
  double got = 0;
  for (const auto hit : hits)
    if (hit < k)
      got += gain(hit);
  double best = 0;
  for (std::size_t position = 0; position < std::min(k, wanted); ++position)
    best += gain(position);
  return best > 0 ? got / best : 0;
}

double hit_rate_at(gsl::span<const std::size_t> hits, std::size_t k) {
  return !hits.empty() && hits.front() < k ? 1 : 0;
}

double reciprocal_rank_at(gsl::span<const std::size_t> hits, std::size_t k) {
  return !hits.empty() && hits.front() < k ? 1 / (static_cast<double>(hits.front()) + 1) : 0;
}

mean_with_error mean_of(gsl::span<const double> values) {
  mean_with_error found;
  const auto count = static_cast<double>(values.size());
  if (values.empty())
    return found;
  for (const double value : values)
    found.mean += value / count;
  double squares = 0;
  for (const double value : values)
    squares += (value - found.mean) * (value - found.mean);
  if (values.size() > 1)
    found.standard_error = std::sqrt(squares / (count - 1) / count);
  return found;
}

double area_under_curve(gsl::span<const float> positives, gsl::span<const float> negatives) {
  std::vector<float> sorted(negatives.begin(), negatives.end());
  std::sort(sorted.begin(), sorted.end());
  double wins = 0;
  for (const float score : positives) {
    const auto [below, above] = std::equal_range(sorted.begin(), sorted.end(), score);
    wins += static_cast<double>(below - sorted.begin()) + static_cast<double>(above - below) / 2;
  }
  return wins / (static_cast<double>(positives.size()) * static_cast<double>(sorted.size()));
}

double self_information(std::size_t takers, std::size_t users) {
  return -std::log2(static_cast<double>(std::max<std::size_t>(takers, 1)) / static_cast<double>(users));
}

} // namespace winnow
