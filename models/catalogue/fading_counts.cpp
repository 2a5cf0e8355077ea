#include "models/catalogue/fading_counts.hpp"

#include <cmath>
#include <utility>

namespace winnow {

namespace {

// Far from a float's limits, and rare: every 20 half-lives.
constexpr double most_growth = 1 << 20;

} // namespace

fading_counts::fading_counts(double half_life, std::vector<float> counts)
    : weights_(std::move(counts)), step_(std::exp2(1 / half_life)) {}

void fading_counts::advance() {
  growth_ *= step_;
  if (growth_ < most_growth)
    return;
  weights_ = now();
  growth_ = 1;
}

std::vector<float> fading_counts::now() const {
  auto counts = weights_;
  for (auto& count : counts)
    count = static_cast<float>(count / growth_);
  return counts;
}

} // namespace winnow
