#pragma once

#include "models/recall/top_k.hpp"

#include <algorithm>
#include <vector>

namespace winnow {

/// Whether two lists have the same items in the same order, with the same scores to the last bit.
inline bool same(const std::vector<scored_item>& a, const std::vector<scored_item>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const scored_item& x, const scored_item& y) {
    return x.item == y.item && x.score == y.score;
  });
}

} // namespace winnow
