#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/catalogue/table_cache.hpp"
#include "models/files/file_stamp.hpp"
#include "models/transitions/transition_table.hpp"

#include <filesystem>

namespace winnow {

/// Like `read_transitions`, but from the cache if possible. Otherwise reads the file and caches the counts.
result<transition_counts> load_counts(const table_cache& cache, const std::filesystem::path& file,
                                      const id_table& items);

/// Writes counts in a format that needs no parsing, together with the stamp of their source file and a digest
/// of the catalogue. Readers see all of it or the previous file.
result<void> keep_transitions(const std::filesystem::path& to, const file_stamp& source,
                              const id_table& items, const transition_counts& counts);

/// Reads counts that `keep_transitions` wrote.
/// @return `not_found` if there are none, `malformed` if they were made from another source file, another
/// version of it or for another catalogue, have another format, or are damaged.
result<transition_counts> read_kept_transitions(const std::filesystem::path& from, const file_stamp& source,
                                                const id_table& items);

} // namespace winnow
