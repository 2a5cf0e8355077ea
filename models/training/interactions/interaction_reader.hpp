#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>
#include <optional>

namespace winnow {

/// Reads interactions. Detects the form from the file's first line:
/// - with a header: `user_id,item_id[,rating][,timestamp]` in any order, other columns ignored; separated by
///   commas, semicolons, tabs, bars or blanks; RecBole's `.inter` names (`user_id:token`). Times are Unix
///   seconds (or milliseconds) or ISO 8601 dates.
/// - without a header: `user item item …` with spaces (a user's items oldest first), whose first 100 lines
///   are checked for text that is no list,
///   `user<TAB>item[<TAB>rating[<TAB>time]]`, or the same separated by `::`.
///
/// `options.columns` names other columns or, in a file without a header, their places. A folder with `part-…`
/// files is read as one file; all must have the layout of the first. A file may be a pipe.
///
/// From a folder, reads the offline job's `lightgcn_data.csv` and, if it exists, `train_data.csv`, which
/// records the order of a user's items. Files may be gzipped.
/// @return `malformed` if no row can be read or, if strict, for the first bad row.
result<interaction_log> read_interactions(const std::filesystem::path& path, const reading_options& options,
                                          row_report& report);

/// The item features that the offline job writes into the same folder (`item_embeddings.csv`); nullopt if
/// there are none or `interactions` is a file.
std::optional<std::filesystem::path> features_beside(const std::filesystem::path& interactions);

/// Reads `train.txt` and, if they exist, `valid.txt` and `test.txt` of a folder, which may be empty. Does not
/// apply `item_map.csv` and `user_map.csv`: keeps the ids in the files.
result<interaction_split> read_split(const std::filesystem::path& dir, const reading_options& options,
                                     row_report& report);

} // namespace winnow
