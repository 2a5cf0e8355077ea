#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>
#include <optional>

namespace winnow {

/// Reads interactions, telling the form by what the file holds:
/// - with a header: `user_id,item_id[,rating][,timestamp]` in any order, other columns ignored; commas or
///   tabs; RecBole's `.inter` names (`user_id:token`). Times are Unix seconds (or milliseconds) or ISO 8601
///   dates.
/// - without one: `user item item …` with spaces (a user's items oldest first), or
///   `user<TAB>item[<TAB>count]`.
///
/// Of a folder, the offline job's `lightgcn_data.csv` is read and, where it is there, `train_data.csv`, which
/// tells the order of a user's items. gzip is read as it is.
/// @return `malformed` where no row can be read or, if strict, for the first bad one.
result<interaction_log> read_interactions(const std::filesystem::path& path, const reading_options& options,
                                          row_report& report);

/// The features of items that the offline job left in the same folder (`item_embeddings.csv`); none where it
/// did not, or where `interactions` is a file.
std::optional<std::filesystem::path> features_beside(const std::filesystem::path& interactions);

/// Reads `train.txt`, `valid.txt` and `test.txt` (the last two where they are there) of a folder, each in one
/// of the forms without a header. Ids of `item_map.csv`/`user_map.csv` are not applied: the files' own ids
/// stand.
result<interaction_split> read_split(const std::filesystem::path& dir, const reading_options& options,
                                     row_report& report);

} // namespace winnow
