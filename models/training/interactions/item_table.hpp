#pragma once

#include "models/files/csv_reader.hpp"
#include "models/training/interactions/columns/chosen_columns.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

/// The field with an item's id. A chosen name may be that of the interactions only.
std::optional<std::size_t> item_id_field(const std::vector<std::string_view>& header,
                                         const chosen_columns& chosen);

/// Calls `read` with each file of a table of items, as `read_item_metadata` describes it, behind its header,
/// which was read with the delimiter that gives it an item's id, or else with the one that gives it the most
/// columns. Leaves out empty files, as parts that Spark writes may be. Ends with the first failure.
/// @return `malformed` if a file has no header with at least two columns.
result<void> for_each_item_table(const std::filesystem::path& path, const chosen_columns& chosen,
                                 const std::function<result<void>(csv_reader&)>& read);

} // namespace winnow
