#pragma once

#include "config/settings/values/cascade_widths.hpp"
#include "models/evaluation/ranking_quality.hpp"
#include "models/model_set.hpp"
#include "models/training/interactions/interaction_split.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace winnow {

struct evaluation_options {
  std::vector<std::size_t> cutoffs = {10, 20}; ///< Lengths of the measured lists, each at least 1.
  cascade_settings widths;                     ///< As for serving; unset widths come from the models.
  std::size_t threads = 1;                     ///< Does not change the result.
  std::uint64_t seed = 1;                      ///< For the negatives of the AUC.
  /// Measures at most this number of users with test items, spread evenly over all of them.
  std::size_t most_users = std::numeric_limits<std::size_t>::max();
};

struct evaluation {
  std::size_t items = 0; ///< Items in the catalogue.
  std::size_t users = 0; ///< Measured users.
  std::size_t users_with_test_items = 0;
  std::size_t users_without_embedding = 0;
  std::size_t test_items = 0;
  std::size_t unknown_test_items = 0; ///< Test items that the catalogue lacks; each counts as a miss.
  bool masks_validation = false; ///< Whether there are validation items; they are masked like training items.
  cascade_widths widths;         ///< Widths of the measured cascade.
  double candidate_recall = 0;   ///< The ceiling of re-ranking: recall of the candidates.
  double candidate_hit_rate = 0; ///< Share of users with a test item among the candidates.
  /// Each source's ceiling if it gave all candidates. The transitions' is nullopt if the models have none.
  double lightgcn_recall = 0;
  std::optional<double> transition_recall;
  std::vector<ranking_quality> rankings;
};

/// Ranks the whole catalogue for the users of the split with test items, with the code that serves. The
/// user's history is the items before the test; lists never contain them. Rankings whose ranker the models
/// lack are left out. Items outside LightGCN's candidates, which only the AUC needs, are scored by RankNet
/// with the rank that they would have among the candidates.
/// @return `invalid_argument` if no user has a test item, or the catalogue has none of the split's items;
/// `internal` if a score is not a number.
result<evaluation> evaluate(const model_set& models, const interaction_split& split,
                            const evaluation_options& options);

} // namespace winnow
