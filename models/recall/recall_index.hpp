#pragma once

#include "config/error.hpp"
#include "models/catalogue/stored_rows.hpp"
#include "models/recall/approximate_index.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/recall/index_effort.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <gsl/span>
#include <memory>
#include <string>

namespace winnow {

/// An index in use, and the effort of its searches.
struct recall_index {
  approximate_index rows;
  index_effort effort;
  bool kept = false; ///< Whether an earlier run built it, and this one only read it.
};

/// Returns `exact` or, for example, `approximate, recall 0.991`, for operators.
/// @param index May be null.
std::string describe_retrieval(const recall_index* index);

/// Reads the index of `items` from `directory`, or builds it and keeps it there. For a million items of 128
/// columns, building takes 10 to 20 s and reading half a second. One thread.
/// @param users All users' embeddings, as wide as the items'.
/// @param count The number of candidates that searches will request.
/// @param directory Created if missing; empty disables the cache. A kept index is used only if it was built
/// from the same embeddings for the same `count` and its checksum matches. Otherwise the log says why, and
/// the index is rebuilt and rewritten.
/// @return `unavailable` if stopped; any other failure says why these items are served better without an
/// index.
result<std::shared_ptr<const recall_index>> prepare_index(const embedding_table& items,
                                                          const stored_rows& users, std::size_t count,
                                                          const std::filesystem::path& directory,
                                                          const std::atomic<bool>& stop);

} // namespace winnow
