#include "models/transitions/transition_table.hpp"

#include "models/catalogue/feature_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace winnow {

namespace {

/// Adds the weights of these successors to their scores. Weights that have faded to zero touch nothing, so
/// that each item is touched once.
void add(gsl::span<const scored_item> successors, float scale, transition_scratch& work) {
  auto touched = work.touched.size();
  work.touched.resize(touched + successors.size() + 1);
  for (const auto& next : successors) {
    float& score = work.scores[next.item];
    const float sum = score + scale * next.score;
    work.touched[touched] = next.item; // overwritten unless it is new: a branch would be mispredicted
    touched += static_cast<std::size_t>((score > 0) != (sum > 0));
    score = sum;
  }
  work.touched.resize(touched);
}

} // namespace

transition_table::transition_table(transition_counts counts, gsl::span<const std::uint64_t> taken,
                                   const transition_scoring& scoring)
    : weights_(std::move(counts)), damping_(taken.size()), scoring_(scoring) {
  std::transform(taken.begin(), taken.end(), damping_.begin(), [&](std::uint64_t count) {
    return static_cast<float>(std::pow(static_cast<double>(count) + 1, -scoring.popularity_exponent));
  });
  for (std::uint32_t item = 0; item < weights_.items(); ++item)
    for (auto at = weights_.ends[item]; at < weights_.ends[item + 1]; ++at)
      weights_.successors[at].score *= damping_[item] * damping_[weights_.successors[at].item];
}

void transition_table::score(gsl::span<const std::uint32_t> history, transition_scratch& work,
                             const learned_transitions* learned) const {
  for (const auto item : work.touched)
    work.scores[item] = 0;
  work.touched.clear();
  work.scores.resize(learned == nullptr ? items() : std::max(items(), learned->damping->size()));
  double weight = 1;
  std::size_t used = 0;
  for (auto item = history.rbegin(); item != history.rend() && used < scoring_.history_length; ++item) {
    if (*item == unknown_item)
      continue;
    const auto scale = static_cast<float>(weight);
    if (learned == nullptr) {
      add(after(*item), scale, work);
    } else {
      const float damped = scale * (*learned->damping)[*item];
      if (*item < items())
        add(after(*item), damped * learned->trained_share, work);
      add(learned->pages.after(*item), damped, work);
    }
    weight *= scoring_.history_decay;
    ++used;
  }
  if (learned != nullptr)
    for (const auto item : work.touched)
      work.scores[item] *= (*learned->damping)[item];
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
