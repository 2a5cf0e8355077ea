#pragma once

#include <cstdint>
#include <gsl/span>

namespace winnow {

/// One request to a ranker: candidates to score for a user with this history.
struct ranking_query {
  gsl::span<const std::uint32_t> candidates; ///< Dense item indices.
  /// The whole history, oldest first; `unknown_item` for items that the catalogue lacks.
  gsl::span<const std::uint32_t> history;
  gsl::span<float> scores; ///< Out: one per candidate.
  /// RankNet's columns after those of the item: one row per candidate.
  gsl::span<const float> extra = {};
};

} // namespace winnow
