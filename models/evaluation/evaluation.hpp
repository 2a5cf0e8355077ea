#pragma once

#include "config/settings/cascade_widths.hpp"
#include "models/evaluation/ranking_quality.hpp"
#include "models/model_set.hpp"
#include "models/training/interactions/interaction_split.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

struct evaluation_options {
  std::vector<std::size_t> cutoffs = {10, 20}; ///< Lengths of the lists that are measured, at least 1 each.
  cascade_settings widths;                     ///< As for serving; not set: as the models say.
  std::size_t threads = 1;                     ///< The result does not depend on it.
  std::uint64_t seed = 1;                      ///< For the negatives of the AUC.
};

struct evaluation {
  std::size_t items = 0; ///< In the catalogue.
  std::size_t users = 0; ///< With test items.
  std::size_t users_without_embedding = 0;
  std::size_t test_items = 0;
  std::size_t unknown_test_items = 0; ///< That the catalogue lacks: each is a miss.
  bool masks_validation =
      false;             ///< Whether there are validation items, which are masked like those of training.
  cascade_widths widths; ///< Of the cascade that was measured.
  double candidate_recall = 0;   ///< The ceiling of re-ranking: recall of LightGCN's candidates …
  double candidate_hit_rate = 0; ///< … and the share of users with a test item among them.
  std::vector<ranking_quality> rankings;
};

/// Ranks the whole catalogue for every user of the split that has test items, with the code that serves: his
/// history are the items before the test, which no list holds. Rows whose ranker the models lack are left
/// out. Candidates outside LightGCN's list, which only the AUC asks about, are shown to RankNet with the rank
/// that they would have in it.
/// @return `invalid_argument` where nobody has a test item; `internal` where a score is not a number.
result<evaluation> evaluate(const model_set& models, const interaction_split& split,
                            const evaluation_options& options);

} // namespace winnow
