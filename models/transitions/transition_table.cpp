#include "models/transitions/transition_table.hpp"

#include "models/catalogue/feature_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace winnow {

transition_table::transition_table(transition_counts counts, gsl::span<const std::uint64_t> taken,
                                   const transition_scoring& scoring)
    : weights_(std::move(counts)), scoring_(scoring) {
  std::vector<float> damping(taken.size());
  std::transform(taken.begin(), taken.end(), damping.begin(), [&](std::uint64_t count) {
    return static_cast<float>(std::pow(static_cast<double>(count) + 1, -scoring.popularity_exponent));
  });
  for (std::uint32_t item = 0; item < weights_.items(); ++item)
    for (auto at = weights_.ends[item]; at < weights_.ends[item + 1]; ++at)
      weights_.successors[at].score *= damping[item] * damping[weights_.successors[at].item];
}

void transition_table::score(gsl::span<const std::uint32_t> history, transition_scratch& work) const {
  for (const auto item : work.touched)
    work.scores[item] = 0;
  work.touched.clear();
  work.scores.resize(items());
  double weight = 1;
  std::size_t used = 0;
  for (auto item = history.rbegin(); item != history.rend() && used < scoring_.history_length; ++item) {
    if (*item == unknown_item)
      continue;
    const auto scale = static_cast<float>(weight);
    for (const auto& next : weights_.after(*item)) {
      float& score = work.scores[next.item];
      if (score == 0)
        work.touched.push_back(next.item);
      score += scale * next.score;
    }
    weight *= scoring_.history_decay;
    ++used;
  }
}

std::vector<scored_item> transition_table::best(gsl::span<const std::uint32_t> excluded, std::size_t count,
                                                transition_scratch& work) {
  for (const auto item : excluded)
    work.scores[item] = 0;
  std::vector<scored_item> found;
  found.reserve(work.touched.size());
  for (const auto item : work.touched)
    if (work.scores[item] > 0)
      found.push_back({item, work.scores[item]});
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(count, found.size()));
  std::nth_element(found.begin(), end, found.end(), ranks_before);
  found.erase(end, found.end());
  std::sort(found.begin(), found.end(), ranks_before);
  return found;
}

} // namespace winnow
