#pragma once

#include "config/settings/cascade_widths.hpp"
#include "models/list_metrics.hpp"
#include "models/model_set.hpp"
#include "models/training/interactions/interaction_split.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

struct evaluation_options {
  std::vector<std::size_t> cutoffs = {10, 20}; ///< Lengths of the lists that are measured, at least 1 each.
  cascade_settings widths;                     ///< As for serving; not set: as the models say.
  std::size_t threads = 1;                     ///< The result does not depend on it.
  std::uint64_t seed = 1;                      ///< For the negatives of the AUC.
};

/// What the lists of one ranking are worth, cut after `k`: means over the users that have test items.
struct list_quality {
  std::size_t k = 0;
  double recall = 0;
  mean_with_error ndcg;
  mean_with_error hit_rate;
  double reciprocal_rank = 0;
  double coverage = 0; ///< Share of the catalogue that is in anybody's list.
  double novelty = 0;  ///< Mean self-information of what is listed, in bits.
};

/// Scores of test items against negatives: one for each test item, uniformly from the items that no list of
/// the user has.
struct score_quality {
  double auc = 0;  ///< Over all users' scores together.
  double gauc = 0; ///< Mean of the users' own, each weighted by his test items.
};

/// One prefix of the cascade, or a baseline.
struct ranking_quality {
  std::string name; ///< `popularity`, `item-item cosine`, `LightGCN`, `+ DIN`, `+ RankNet`
  std::vector<list_quality> lists;
  std::optional<score_quality> scores; ///< None where no test item is in the catalogue.
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
