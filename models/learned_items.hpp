#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/transitions/learned_transitions.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace winnow {

/// Items that the catalogue lacked and that readers took while the daemon served. All tables have one row per
/// item, and a new version may have more items behind those of an old one.
struct adopted_items {
  std::shared_ptr<const id_table> ids;
  embedding_table embeddings; ///< With a screen of its own, for retrieval.
  std::shared_ptr<const feature_table> din_features, ranknet_features;
  std::vector<float> inverse_norms; ///< 1 / |embedding|
};

struct model_set;

/// What a daemon has learned since the training of its models. Immutable.
struct learned_items {
  std::shared_ptr<const model_set> trained; ///< The models as they were trained.
  learned_transitions transitions;
  std::shared_ptr<const adopted_items> adopted; ///< Null if there are none.
  /// By item, adopted ones included: how often it was taken, in the training and since, where older events
  /// count less.
  std::shared_ptr<const std::vector<float>> taken;
  /// By item, adopted ones included: how often it was taken lately; null if the training has no such counts.
  std::shared_ptr<const std::vector<float>> recent;
};

} // namespace winnow
