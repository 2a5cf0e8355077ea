#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/transitions/transition_table.hpp"

#include <filesystem>

namespace winnow {

/// Reads `transitions.csv`: a header `item_id,next_item_id,weight` and a row per transition. Rows whose items
/// are not in the catalogue are skipped. Blocking.
/// @return The counts by catalogue index. Errors name file, line and column: a weight must be a positive
/// number, and a pair may occur once.
result<transition_counts> read_transitions(const std::filesystem::path& path, const id_table& items);

} // namespace winnow
