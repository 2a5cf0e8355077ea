#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace winnow {

/// An item's dense index in the catalogue, and what a stage thinks of it.
struct scored_item {
  std::uint32_t item = 0;
  float score = 0;
};

/// The order of every list: falling score, equal scores by rising index.
struct ranks_before_order {
  bool operator()(const scored_item& a, const scored_item& b) const noexcept {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

inline constexpr ranks_before_order ranks_before; // an object, not a function: sorting with it is inlined

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
