#pragma once

#include <cstdint>

namespace winnow {

/// An item's dense index in the catalogue, and its score by a stage.
struct scored_item {
  std::uint32_t item = 0;
  float score = 0;
};

/// The order of every list: descending score, equal scores by ascending index.
struct ranks_before_order {
  bool operator()(const scored_item& a, const scored_item& b) const noexcept {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

inline constexpr ranks_before_order ranks_before; // an object, not a function, so that sorting inlines it

} // namespace winnow
