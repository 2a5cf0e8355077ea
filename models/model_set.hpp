#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "models/catalogue/feature_table.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/model_description.hpp"
#include "models/ranking/din.hpp"
#include "models/ranking/ranking_engine.hpp"
#include "models/ranking/ranknet.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/recall/index_slot.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// How a model set came to be: for the log, and for the operator who wonders.
struct load_report {
  std::string feature_source; ///< The file, or that the item embeddings serve as features, or who names them.
  std::string popularity_source;          ///< The file counted, or that the order of the table stands for it.
  std::size_t items_without_features = 0; ///< Catalogue items that the feature file lacks: zeros.
  std::size_t features_without_item = 0;  ///< Feature rows of items that are not in the catalogue: ignored.
};

/// The three models, the catalogue and the user table of one model directory: immutable, shared by the
/// requests that began with it, so that every answer comes from one version. Only the index of a large
/// catalogue comes later.
struct model_set {
  std::string version; ///< Digest of the model files' contents, 16 hexadecimal digits.

  id_table items;                  ///< Catalogue: item id ↔ dense index.
  embedding_table item_embeddings; ///< LightGCN's final item embeddings, items × D.

  id_table users;
  std::vector<float> user_embeddings; ///< LightGCN's final user embeddings, users × D, row-major.

  std::shared_ptr<const feature_table> din_features; ///< items × DIN's columns
  std::shared_ptr<const feature_table>
      ranknet_features; ///< items × RankNet's; the same table where they are the same.
  std::vector<std::uint32_t>
      popular; ///< All items, most popular first; ties and no counts: the table's order.
  std::vector<std::uint64_t> item_counts; ///< How often each item was taken; empty where nothing tells.

  std::vector<stage_feature> stage_features; ///< What RankNet sees of a candidate behind the item's columns.
  std::vector<float>
      inverse_norms; ///< 1 / |item embedding| (0 for zeros), where a stage feature asks for it.

  std::optional<din_model> din;                 ///< There, unless the loader was told that it may be missing.
  std::optional<ranknet_model> ranknet;         ///< The same.
  std::shared_ptr<const engine_din> din_engine; ///< There where another engine than the native one
  std::shared_ptr<const engine_ranker> ranknet_engine; ///< is to score; the native models then only explain.
  cascade_widths widths;                               ///< As `model.json` says, else the defaults.
  std::string split;                       ///< How the trainer held items back, where `model.json` says so.
  std::optional<std::uint64_t> split_seed; ///< By which they were drawn, where it says so.
  load_report report;

  /// Empty until somebody puts in what `prepare_index` made.
  std::shared_ptr<index_slot> index = std::make_shared<index_slot>();

  gsl::span<const float> user_embedding(std::uint32_t user) const {
    const std::size_t width = item_embeddings.width();
    return {user_embeddings.data() + user * width, width};
  }
};

using model_set_ptr = std::shared_ptr<const model_set>;

/// Whether a model directory may lack DIN, RankNet or both. Evaluation takes what there is; serving does not.
enum class missing_rankers { refused, accepted };

/// Loads a model directory laid out as the Python service's. A missing or broken file, or models that do not
/// fit each other, is an error that names the file and the tensor or line; nothing half-loaded is returned.
result<model_set_ptr> load_model_set(const model_settings& settings,
                                     missing_rankers missing = missing_rankers::refused);

} // namespace winnow
