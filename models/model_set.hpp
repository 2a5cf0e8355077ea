#pragma once

#include "config/error.hpp"
#include "config/settings.hpp"
#include "models/din.hpp"
#include "models/feature_table.hpp"
#include "models/id_table.hpp"
#include "models/panel_table.hpp"
#include "models/ranknet.hpp"

#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// How a model set came to be: for the log, and for the operator who wonders.
struct load_report {
  std::string feature_source;             ///< The file, or that the item embeddings serve as features.
  std::string popularity_source;          ///< The file counted, or that the order of the table stands for it.
  std::size_t items_without_features = 0; ///< Catalogue items that the feature file lacks: zeros.
  std::size_t features_without_item = 0;  ///< Feature rows of items that are not in the catalogue: ignored.
};

/// The three models, the catalogue and the user table of one model directory: immutable, shared by the
/// requests that began with it, so that every answer comes from one version.
struct model_set {
  model_set(din_model din_ranker, ranknet_model ranknet_ranker)
      : din(std::move(din_ranker)), ranknet(std::move(ranknet_ranker)) {}

  std::string version; ///< Digest of the model files' contents, 16 hexadecimal digits.

  id_table items;              ///< Catalogue: item id ↔ dense index.
  panel_table item_embeddings; ///< LightGCN's final item embeddings, items × D.

  id_table users;
  std::vector<float> user_embeddings; ///< LightGCN's final user embeddings, users × D, row-major.

  feature_table features; ///< items × F
  std::vector<std::uint32_t>
      popular; ///< All items, most popular first; ties and no counts: the table's order.

  din_model din;
  ranknet_model ranknet;
  load_report report;

  gsl::span<const float> user_embedding(std::uint32_t user) const {
    const std::size_t width = item_embeddings.width();
    return {user_embeddings.data() + user * width, width};
  }
};

using model_set_ptr = std::shared_ptr<const model_set>;

/// Loads a model directory laid out as the Python service's. A missing or broken file, or models that do not
/// fit each other, is an error that names the file and the tensor or line; nothing half-loaded is returned.
result<model_set_ptr> load_model_set(const model_settings& settings);

} // namespace winnow
