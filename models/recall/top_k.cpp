#include "models/recall/top_k.hpp"

#include <algorithm>

namespace winnow {

void top_k::reset(std::size_t k) {
  k_ = k;
  // No score is above infinity, so k = 0 keeps no item.
  threshold_ = k == 0 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity();
  kept_.clear();
  kept_.reserve(4 * k + 64); // a cut costs O(size), so it should be rare
}

void top_k::cut() {
  if (kept_.size() <= k_)
    return;
  std::nth_element(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(k_ - 1), kept_.end(),
                   ranks_before);
  threshold_ = kept_[k_ - 1].score;
  kept_.resize(k_);
}

const std::vector<scored_item>& top_k::sorted() {
  cut();
  std::sort(kept_.begin(), kept_.end(), ranks_before);
  return kept_;
}

} // namespace winnow
