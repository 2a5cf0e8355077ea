#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>

namespace winnow {

/// Sorts each user's pairs by the order in which the user took the items, as recorded in the offline job's
/// `train_data.csv`. Its columns are `user_id,history_items,candidate_item,label`. In a row with label 1, the
/// user took the items of the history, joined by `|`, one after the other, and then the candidate. Rows may
/// be in any order, and each may hold only the end of the history. Pairs that the log lacks are added. Pairs
/// that no such row mentions come first, in the log's order. If rows contradict each other (an item taken
/// twice), the earlier row wins.
///
/// Blocking. @return `malformed` if the file lacks these columns or, if strict, for the first bad row.
result<void> order_by_histories(const std::filesystem::path& path, const reading_options& options,
                                row_report& report, interaction_log& log);

} // namespace winnow
