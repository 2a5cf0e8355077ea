#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/catalogue/table_cache.hpp"
#include "models/recall/fold_in.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace winnow {

/// The files of a model directory that hold the tables of `fold_in`. A directory has both or neither.
struct fold_in_paths {
  std::filesystem::path items, users;
};

fold_in_paths fold_in_paths_of(const std::filesystem::path& model_directory);

/// Loads both tables. Rows may be in any order.
/// @param items,users The rows of the result. Each must have a row in its file, and no others may.
/// @param width Of the item embeddings; the tables must be as wide.
/// @return Null if neither file exists; `not_found` naming the missing file if only one does; `malformed` if
///   they do not fit.
result<std::shared_ptr<const fold_in>> load_fold_in(const fold_in_paths& paths, const table_cache& cache,
                                                    const id_table& items, const id_table& users,
                                                    std::size_t width);

} // namespace winnow
