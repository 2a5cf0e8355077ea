#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>

namespace winnow {

/// Puts each user's pairs in the order in which he took them, as the offline job's `train_data.csv` tells it:
/// columns `user_id,history_items,candidate_item,label`; in a row of label 1 the history's items, joined by
/// `|`, were taken one after the other, and then the candidate. Rows may stand in any order, and each may
/// hold only the end of the history; pairs that the log lacks are added. What no such row has comes first, in
/// the log's order. Where rows contradict each other (something taken twice), the earlier row counts.
///
/// Blocking. @return `malformed` for a file without these columns and, if strict, for the first bad row.
result<void> order_by_histories(const std::filesystem::path& path, const reading_options& options,
                                row_report& report, interaction_log& log);

} // namespace winnow
