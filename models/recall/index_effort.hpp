#pragma once

#include "config/error.hpp"
#include "models/recall/approximate_index.hpp"
#include "models/recall/embedding_table.hpp"

#include <atomic>
#include <cstddef>
#include <gsl/span>

namespace winnow {

/// How hard an index has to look, and what that gives: measured with the users' own embeddings.
struct index_effort {
  float deviations = 0;  ///< See `approximate_index`.
  double recall = 0;     ///< The share of the exact lists that is found, of users that it was not chosen by.
  double rows_share = 0; ///< Of the table's rows, how many a search looks at on average.
};

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

} // namespace winnow
