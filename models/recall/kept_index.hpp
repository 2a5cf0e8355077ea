#pragma once

#include "config/error.hpp"
#include "models/recall/index_effort.hpp"
#include "models/recall/row_clusters.hpp"

#include <filesystem>
#include <string>

namespace winnow {

/// What is needed to rebuild an index without clustering and measuring.
struct kept_index {
  row_clusters clusters;
  index_effort effort;
};

/// Writes the index to a file. Readers see all of it or the previous file.
/// @param key Identifies what the index was built from: 16 characters.
result<void> keep_index(const std::filesystem::path& to, const std::string& key, const kept_index& index);

/// Reads the index that was kept for a table of `rows` rows.
/// @return `not_found` if there is no file; `malformed` if the file has another key or format or is damaged.
/// The message names the file.
result<kept_index> read_kept_index(const std::filesystem::path& from, const std::string& key,
                                   std::size_t rows);

} // namespace winnow
