#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace winnow {

/// How often each catalogue item was taken, by item index.
struct item_counts {
  std::vector<std::uint64_t> taken;
  std::vector<float> recent;                 ///< See `fading_counts`; empty if the file has no such column.
  std::uint64_t rows = 0, rows_of_items = 0; ///< Of the file; those of items of the catalogue.
};

/// Counts how often each catalogue item was taken. The file has one row per interaction (`user_id,item_id`)
/// or one row per item (`item_id,count` or `item_id,count,recent`), depending on its header. Items outside
/// the catalogue are ignored.
/// @return Parse errors name file, line and column.
result<item_counts> count_items(const std::filesystem::path& path, const id_table& items);

} // namespace winnow
