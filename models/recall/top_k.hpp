#pragma once

#include "models/recall/scored_item.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace winnow {

/// Keeps the `k` best of the items offered to it. Items that do not exceed the running threshold need not be
/// offered. Items must be offered in ascending order of their index, so that the lowest indices among equal
/// scores are kept.
class top_k {
public:
  /// Clears the selection for the next use. Reuses the memory.
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

  /// Returns the best, in order. Valid until the next `reset`.
  const std::vector<scored_item>& sorted();

private:
  void cut();

  std::size_t k_ = 0;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<scored_item> kept_;
};

} // namespace winnow
