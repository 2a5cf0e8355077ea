#pragma once

#include "models/catalogue/float_table.hpp"
#include "models/learning/user_marks.hpp"
#include "models/training/interactions/interactions.hpp"

#include <vector>

namespace winnow {

/// The vectors that an earlier DIN learned for the items, for its next training. A new item gets the mean of
/// those of the known items that come directly before or after it in histories, or zeros if there are none.
/// @param features The earlier item columns, of which `din_0`, `din_1` … are the vectors.
/// @param train By `items`. @return `items` × `width`; empty if the features have fewer such columns or more.
std::vector<float> continue_id_vectors(const float_table& features, std::size_t width, const id_table& items,
                                       const item_lists& train);

/// By user: the position of the first item that an earlier training did not count.
std::vector<std::size_t> first_new_items(const user_marks& counted, const id_table& users,
                                         const id_table& items, const item_lists& train);

/// Keeps the lists of users that are marked, and of evenly spread others if those are fewer than `least`.
item_lists some_lists(const item_lists& lists, const std::vector<bool>& marked, std::size_t least);

} // namespace winnow
