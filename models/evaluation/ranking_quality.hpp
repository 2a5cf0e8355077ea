#pragma once

#include "models/list_metrics.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Quality of one ranking's lists, cut after `k`: means over the users with test items.
struct list_quality {
  std::size_t k = 0;
  double recall = 0;
  mean_with_error ndcg;
  mean_with_error hit_rate;
  double reciprocal_rank = 0;
  double coverage = 0; ///< Share of the catalogue that is in at least one list.
  double novelty = 0;  ///< Mean self-information of the listed items, in bits.
};

/// How well scores separate test items from negatives. Each test item has one negative, drawn uniformly from
/// the items that are neither test items nor known items of the user.
struct score_quality {
  double auc = 0;  ///< Over the scores of all users together.
  double gauc = 0; ///< Mean of the AUC of each user, weighted by the user's test items.
};

/// One prefix of the cascade, or a baseline.
struct ranking_quality {
  std::string name; ///< `popularity`, `item-item cosine`, `LightGCN`, `+ DIN`, `+ RankNet`
  std::vector<list_quality> lists;
  std::optional<score_quality> scores; ///< nullopt if no test item is in the catalogue.
};

} // namespace winnow
