#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace winnow {

/// Counts how often each catalogue item was taken. The file has one row per interaction (`user_id,item_id`)
/// or one row per item (`item_id,count`), depending on its header. Items outside the catalogue are ignored.
/// @return The counts by item index. Parse errors name file, line and column.
result<std::vector<std::uint64_t>> count_items(const std::filesystem::path& path, const id_table& items);

} // namespace winnow
