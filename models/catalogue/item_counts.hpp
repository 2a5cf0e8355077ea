#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace winnow {

/// How often each item was taken, by its index. The file has a row a pair (`user_id,item_id`) or a row an
/// item
/// (`item_id,count`); its header tells which. Items that the catalogue lacks are passed over.
/// @return The failure names file, line and column.
result<std::vector<std::uint64_t>> count_items(const std::filesystem::path& path, const id_table& items);

} // namespace winnow
