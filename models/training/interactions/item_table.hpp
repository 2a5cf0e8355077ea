#pragma once

#include "models/files/csv_reader.hpp"
#include "models/training/interactions/column_names.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

/// The field with an item's id. A chosen name may be that of the interactions only.
std::optional<std::size_t> item_id_field(const std::vector<std::string_view>& header,
                                         const chosen_columns& chosen);

/// Opens a file of a table of items, as `read_item_metadata` describes it, and reads its header with the
/// delimiter that gives it an item's id, or else with the one that gives it the most columns.
/// @return nullopt if the file is empty, as parts that Spark writes may be; `malformed` if it has no header
/// with at least two columns.
result<std::optional<csv_reader>> open_item_table(const std::filesystem::path& path,
                                                  const chosen_columns& chosen);

/// Writes the rows of such a table that have an id and as many fields as the header to a CSV file with the
/// column `item_id` and the others by their names. Rows of items that nobody took are among them. Several
/// values in a field are separated by `|`.
result<void> write_item_table(const std::filesystem::path& from, const reading_options& options,
                              const std::filesystem::path& to);

} // namespace winnow
