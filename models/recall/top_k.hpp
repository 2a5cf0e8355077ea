#pragma once

#include "models/recall/scored_item.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace winnow {

/// Keeps the `k` best of the items offered to it, with a running threshold below which nothing need be
/// offered. Items must be offered in rising order of their index, so that of equal scores the lowest indices
/// stay.
class top_k {
public:
  /// Empties the selection for the next use; memory is kept.
  void reset(std::size_t k);

  /// An item that does not score above this cannot be among the best.
  float threshold() const noexcept { return threshold_; }

  void offer(scored_item candidate) {
    if (!(candidate.score > threshold_))
      return;
    kept_.push_back(candidate);
    if (kept_.size() == kept_.capacity())
      cut();
  }

  /// The best, in order. Valid until the next `reset`.
  const std::vector<scored_item>& sorted();

private:
  void cut();

  std::size_t k_ = 0;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<scored_item> kept_;
};

} // namespace winnow
