#pragma once

#include "config/error.hpp"
#include "models/recall/index_effort.hpp"
#include "models/recall/row_clusters.hpp"

#include <filesystem>
#include <string>

namespace winnow {

/// What it takes to build an index again without looking for clusters and measuring.
struct kept_index {
  row_clusters clusters;
  index_effort effort;
};

/// Writes it; whoever reads sees all of it or what was there before.
/// @param key What the index is of: 16 characters.
result<void> keep_index(const std::filesystem::path& to, const std::string& key, const kept_index& index);

/// Reads what was kept for a table of `rows` rows.
/// @return `not_found` where nothing was, `malformed` for one of another key or form, or damaged; the message
/// names the file.
result<kept_index> read_kept_index(const std::filesystem::path& from, const std::string& key,
                                   std::size_t rows);

} // namespace winnow
