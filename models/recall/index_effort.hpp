#pragma once

#include "config/error.hpp"
#include "models/recall/approximate_index.hpp"
#include "models/recall/embedding_table.hpp"

#include <atomic>
#include <cstddef>
#include <gsl/span>

namespace winnow {

/// The effort of an index's searches and its results, measured with the users' own embeddings.
struct index_effort {
  /// The `effort` of `approximate_index::search`.
  float deviations = 0;
  /// The share of the exact lists that is found, for users with which the effort was not chosen.
  double recall = 0;
  /// The share of the table's rows that a search reads on average.
  double rows_share = 0;
};

/// An index is used only if it finds at least this share of the exact lists.
inline constexpr double least_index_recall = 0.98;

/// Chooses the least effort that finds 99 % of the exact lists of `count` items for one half of the users,
/// and at least 98 % for the other half.
/// @param users Their embeddings, one after the other.
/// @return `unsupported` if that effort would read a quarter of the table's rows or more: exact retrieval,
/// which reads all rows in sequence, is then hardly slower. `not_found` if there are no users to measure
/// with. `unavailable` if stopped.
result<index_effort> choose_effort(const approximate_index& index, const embedding_table& items,
                                   gsl::span<const float> users, std::size_t count,
                                   const std::atomic<bool>& stop);

} // namespace winnow
