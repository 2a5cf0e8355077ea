#pragma once

#include "config/error.hpp"
#include "models/recall/approximate_index.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <gsl/span>
#include <memory>
#include <string>

namespace winnow {

/// How hard an index has to look, and what that gives: measured with the users' own embeddings.
struct index_effort {
  float deviations = 0;  ///< See `approximate_index`.
  double recall = 0;     ///< The share of the exact lists that is found, of users that it was not chosen by.
  double rows_share = 0; ///< Of the table's rows, how many a search looks at on average.
};

/// An index that serves.
struct recall_index {
  approximate_index rows;
  index_effort effort;
  bool kept = false; ///< From an earlier run, not built by this one.
};

/// For operators: `exact`, or `approximate, recall 0.991`. @param index May be null.
std::string describe_retrieval(const recall_index* index);

/// An index is put to use only if it finds so much of the exact lists.
inline constexpr double least_index_recall = 0.98;

/// The least effort that finds 99 % of what one half of the users' exact lists of `count` items hold, and at
/// least 98 % of what the other half's do.
/// @param users Their embeddings, one after the other.
/// @return A failure where it takes a quarter of the table's rows or more: then exact retrieval, which reads
/// them all in one go, is hardly slower. `unavailable` where it was stopped.
result<index_effort> choose_effort(const approximate_index& index, const embedding_table& items,
                                   gsl::span<const float> users, std::size_t count,
                                   const std::atomic<bool>& stop);

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
