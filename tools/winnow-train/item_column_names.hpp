#pragma once

#include "models/training/interactions/item_metadata.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Renames the columns of items that are called as the models' own are (`popularity`, `emb_0`, `din_0`, stage
/// features), or as an earlier one is: `popularity` becomes `item_popularity`.
/// @param of_lightgcn The names of LightGCN's columns, if they are known.
/// @return One line for each.
std::vector<std::string> rename_taken_columns(item_metadata& metadata,
                                              const std::vector<std::string>& of_lightgcn);

} // namespace winnow
