#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "models/attributes/catalogue_attributes.hpp"
#include "models/attributes/withheld_items.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/catalogue/feature_rows.hpp"
#include "models/catalogue/stored_rows.hpp"
#include "models/drift/histogram.hpp"
#include "models/feature_columns.hpp"
#include "models/learned_items.hpp"
#include "models/model_description.hpp"
#include "models/ranked_list.hpp"
#include "models/ranking/din.hpp"
#include "models/ranking/ranking_engine.hpp"
#include "models/ranking/ranknet.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/recall/fold_in.hpp"
#include "models/recall/index_slot.hpp"
#include "models/transitions/transition_rules.hpp"
#include "models/transitions/transition_table.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// How a model set was loaded, for the log.
struct load_report {
  std::string feature_source;    ///< The feature file, "item embeddings", or where the columns are named.
  std::string popularity_source; ///< The counted file, or the table order used instead.
  std::size_t items_without_features = 0; ///< Catalogue items missing from the feature file: zeros.
  std::size_t features_without_item = 0;  ///< Feature rows of items outside the catalogue: ignored.
};

/// The three models, the catalogue and the user table of one model directory. Immutable and shared: a request
/// uses the set with which it began, so that every answer comes from one version. Only the approximate index
/// of a large catalogue is added later.
///
/// What is learned while serving makes new sets: copies with other `learned` parts, which share everything
/// that comes from the directory.
struct model_set {
  std::filesystem::path directory; ///< The files come from it; see `model_paths::directory`.
  /// The directory in the settings, which stays the same from one set to the next.
  std::filesystem::path home;
  std::string version;  ///< Digest of the model files' contents, 16 hexadecimal digits.
  std::string manifest; ///< Digest of the text of `manifest.json`; empty if the directory has none.
  /// The same of the files on top of which is learned: the items' embeddings, the transitions and
  /// `model.json`. Others, such as the features, may change without making what was learned useless.
  std::string learning_version;

  catalogue items;                 ///< Item id ↔ dense index; adopted items behind the trained ones.
  embedding_table item_embeddings; ///< LightGCN's final item embeddings, items × D.

  std::shared_ptr<const id_table> users = std::make_shared<const id_table>();
  std::shared_ptr<const stored_rows> user_embeddings; ///< LightGCN's final user embeddings, users × D.
  /// Computes user vectors from the history of the request; null if the directory has no tables for it.
  std::shared_ptr<const fold_in> folding;

  std::shared_ptr<const feature_table> din_features; ///< Trained items × DIN's columns
  /// Trained items × RankNet's columns; the same table if the columns are the same.
  std::shared_ptr<const feature_table> ranknet_features;
  std::shared_ptr<const feature_plan> features; ///< Where the columns of both come from.
  /// All trained items, most popular first. Ties, and all items if there are no counts, are in the table's
  /// order.
  std::shared_ptr<const std::vector<std::uint32_t>> popular;
  /// How often each trained item was taken; null if unknown.
  std::shared_ptr<const std::vector<std::uint64_t>> item_counts;
  std::shared_ptr<const catalogue_attributes> attributes; ///< Null if there is no items file.
  /// Items that no list may have, whatever the models say; null if there are none.
  std::shared_ptr<const withheld_items> withheld;
  /// How often each trained item was taken lately, when the training ended, see `fading_counts`; null if
  /// unknown.
  std::shared_ptr<const std::vector<float>> recent_counts;
  double recent_half_life = 0; ///< Of these, in events; positive if they are known.

  std::shared_ptr<const transition_table>
      transitions;                          ///< The second source of candidates; null if there is none.
  struct transition_rules transition_rules; ///< How they were counted.
  float transition_weight = 1;              ///< In the order of merged candidates, see `fused_rank`.
  din_order_weights din_order;              ///< What DIN's order counts besides its logits.
  std::size_t transition_candidates =
      0; ///< How many of a list's candidates come from the transitions at most.

  std::vector<stage_feature> stage_features; ///< RankNet's inputs after the item's columns.
  /// 1 / |item embedding| (0 for zeros) of the trained items; null unless a stage feature needs it.
  std::shared_ptr<const std::vector<float>> inverse_norms;

  std::shared_ptr<const din_model> din;         ///< Null only if loaded with `missing_rankers::accepted`.
  std::shared_ptr<const ranknet_model> ranknet; ///< The same.
  /// Null if the native engine scores. Otherwise this engine scores, and the native model only explains.
  std::shared_ptr<const engine_din> din_engine;
  std::shared_ptr<const engine_ranker> ranknet_engine; ///< Null if the native engine scores.
  cascade_widths widths;                               ///< From `model.json`, else the defaults.
  training_record training;                            ///< See `model_description::training`.
  std::vector<training_record> earlier_trainings;      ///< See `model_description::earlier_trainings`.
  /// See `model_description::drift`; null if the directory does not say.
  std::shared_ptr<const std::vector<reference_histogram>> drift;
  std::int64_t trained_at = 0; ///< When its last file was written, in seconds since 1970.
  load_report report;

  /// Empty until the result of `prepare_index` is published.
  std::shared_ptr<index_slot> index = std::make_shared<index_slot>();

  /// What was learned while serving; null if nothing was.
  std::shared_ptr<const learned_items> learned;

  /// @param room As wide as the embeddings. Receives the user's unless it can be read where it is.
  gsl::span<const float> user_embedding(std::uint32_t user, gsl::span<float> room) const {
    return user_embeddings->row(user, room);
  }

  const adopted_items* adopted() const { return learned ? learned->adopted.get() : nullptr; }
  feature_rows din_rows() const {
    return {*din_features, adopted() ? adopted()->din_features.get() : nullptr};
  }
  feature_rows ranknet_rows() const {
    return {*ranknet_features, adopted() ? adopted()->ranknet_features.get() : nullptr};
  }

  bool is_withheld(std::uint32_t item) const noexcept { return withheld && withheld->has(item); }

  /// How often an item was taken. Requires counts.
  float taken(std::uint32_t item) const {
    return learned ? (*learned->taken)[item] : static_cast<float>((*item_counts)[item]);
  }

  /// How often an item was taken lately. Requires recent counts.
  float taken_recently(std::uint32_t item) const {
    return learned ? (*learned->recent)[item] : (*recent_counts)[item];
  }

  /// 1 / |item embedding|, 0 for zeros. Requires `inverse_norms`.
  float inverse_norm(std::uint32_t item) const {
    return items.is_adopted(item) ? adopted()->inverse_norms[item - items.trained().size()]
                                  : (*inverse_norms)[item];
  }
};

using model_set_ptr = std::shared_ptr<const model_set>;

/// Whether a model directory may lack DIN, RankNet or both. Evaluation accepts that; serving does not.
enum class missing_rankers { refused, accepted };

/// Loads a model directory with the layout of the Python service. Blocking. If a file changes while it is
/// read, starts again, a few times: the set is of one state of the files, and `version` of the same bytes.
/// @return The complete set, or an error that names the file and the tensor or line if a file is missing or
///   broken, if the models do not fit each other or the manifest, or if the files keep changing.
result<model_set_ptr> load_model_set(const model_settings& settings,
                                     missing_rankers missing = missing_rankers::refused);

} // namespace winnow
