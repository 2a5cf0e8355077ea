#pragma once

#include "config/error.hpp"
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

/// An index that serves.
struct recall_index {
  approximate_index rows;
  index_effort effort;
  bool kept = false; ///< From an earlier run, not built by this one.
};

/// For operators: `exact`, or `approximate, recall 0.991`. @param index May be null.
std::string describe_retrieval(const recall_index* index);

/// Reads the index of `items` from `directory`, or builds it and keeps it there. Takes 10 to 20 s for a
/// million items of 128 columns, half a second from what was kept. One thread.
/// @param users All users' embeddings, one after the other, as wide as the items'.
/// @param count Candidates that will be asked for.
/// @param directory It is made; empty: nothing is kept. What is kept is used for the same embeddings alone,
/// and only where its checksum holds; otherwise the log says why, and it is written anew.
/// @return `unavailable` where it was stopped, else why these items are served better without.
result<std::shared_ptr<const recall_index>> prepare_index(const embedding_table& items,
                                                          gsl::span<const float> users, std::size_t count,
                                                          const std::filesystem::path& directory,
                                                          const std::atomic<bool>& stop);

} // namespace winnow
