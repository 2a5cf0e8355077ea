#pragma once

#include <cstdint>
#include <gsl/span>

namespace winnow {

/// One request to a ranker: candidates to score for a user with this history.
struct ranking_query {
  gsl::span<const std::uint32_t> candidates; ///< Dense item indices.
  gsl::span<const std::uint32_t>
      history;                       ///< Oldest first, whole; `unknown_item` where the catalogue has none.
  gsl::span<float> scores;           ///< Out: one a candidate.
  gsl::span<const float> extra = {}; ///< RankNet's columns behind the item's: one row a candidate.
};

} // namespace winnow
