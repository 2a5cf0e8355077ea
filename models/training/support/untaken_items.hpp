#pragma once

#include "models/training/support/random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <gsl/span>

namespace winnow {

/// Whether a user took so much of a catalogue that drawing until an item is hit which the user did not take
/// may take long.
inline bool took_most(std::size_t taken, std::size_t items) {
  return taken > items / 2;
}

/// Draws an item that is not among the taken ones; all are equally probable.
/// @param taken Ascending, each once; fewer than there are items.
inline std::uint32_t draw_untaken(gsl::span<const std::uint32_t> taken, std::size_t items,
                                  random_source& random) {
  if (!took_most(taken.size(), items)) {
    auto item = random.below(items);
    while (std::binary_search(taken.begin(), taken.end(), item))
      item = random.below(items);
    return item;
  }
  // Before the taken item at a place, there are as many others as the item's number exceeds its place.
  const auto others_before = random.below(items - taken.size());
  std::size_t low = 0, high = taken.size(); // the number of taken items before the drawn one is in between
  while (low < high) {
    const auto middle = (low + high) / 2;
    if (taken[middle] - middle > others_before)
      high = middle;
    else
      low = middle + 1;
  }
  return others_before + static_cast<std::uint32_t>(low);
}

} // namespace winnow
