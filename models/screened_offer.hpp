#pragma once

#include "models/best_candidates.hpp"
#include "models/recall_kernels.hpp"
#include "models/row_screen.hpp"

#include <cstdint>
#include <gsl/span>
#include <limits>

namespace winnow {

/// Offers a query's best the rows of a screen that may be among them.
/// @param first_row The screen's row that the first bound is of.
/// @param bounds Upper bounds of the rows' products with the query; minus infinity: not to be offered.
/// @param positions Room for one a bound.
/// @param item_of The item that the row at a position stands for.
template<class ItemOf>
void offer_screened(const row_screen& screen, const kernels::screen_query& query, std::size_t first_row,
                    gsl::span<const float> bounds, std::uint32_t* positions, best_candidates& best,
                    const ItemOf& item_of) {
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  const std::size_t found =
      kernels::positions_not_below(bounds.data(), bounds.size(), best.limit(), positions);
  for (std::size_t i = 0; i < found; ++i) {
    const std::size_t position = positions[i];
    const float upper = bounds.data()[position];
    if (upper == lowest)
      continue;
    const float lower = upper - 2 * screen.error(first_row + position, query);
    best.add(item_of(position), upper, lower > lowest ? lower : lowest);
  }
}

} // namespace winnow
