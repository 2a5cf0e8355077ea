#pragma once

#include "models/checkpoint/checkpoint.hpp"
#include "models/learning/user_marks.hpp"
#include "models/model_description.hpp"
#include "models/model_set.hpp"
#include "models/training/training_observer.hpp"
#include "models/training/warm_start/earlier_embeddings.hpp"
#include "tools/winnow-train/train_options.hpp"
#include "tools/winnow-train/training_data.hpp"

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace winnow {

/// The models from which a run continues (`--continue`), and what it takes over from them. A stage that does
/// not fit is trained from the start, which the observer is told; so are then all stages after it, because
/// they build on it.
class continuation {
public:
  /// Reads the models that a directory serves: its own, or those that `current` names. Also reads what DIN
  /// and RankNet start from, so that damage is found before the hours that LightGCN takes. Blocking.
  /// @return `not_found` or `unsupported` if LightGCN cannot start from them; `conflict` if they do not fit
  ///   their manifest, as for winnowd; `malformed` if a file is damaged or missing.
  static result<continuation> read(const std::string& directory);

  /// Sets the widths of the cascade, LightGCN's start, and fewer epochs of all stages, unless the user gave
  /// them.
  void begin(train_options& options, const training_data& data, training_observer& observer);

  /// What the transitions were counted and weighed with; nullopt if there were none, or if LightGCN is
  /// trained from the start.
  std::optional<transition_description> transitions() const;

  /// Sets DIN's start. @param columns Of DIN, without its learned vectors.
  /// @param train By the rows of `models`. @return An error if a file of the earlier models was damaged since
  ///   they were read.
  result<void> begin_din(train_options& options, const model_set& models, const item_lists& train,
                         std::vector<std::string> columns, training_observer& observer);
  /// DIN's weights do not fit: it and RankNet are trained from the start, as the options said before.
  void give_up_din(train_options& options, const error& why, training_observer& observer);

  /// Sets RankNet's start. @param columns Of RankNet, with the stage features.
  /// @param valid Keeps the validation items of the users to learn from: those with new items, and some
  ///   others.
  void begin_ranknet(train_options& options, item_lists& valid, std::vector<std::string> columns,
                     training_observer& observer);
  void give_up_ranknet(train_options& options, const error& why, training_observer& observer);

  /// The models from which LightGCN and what follows start; null if all is trained from the start. Called
  /// after `begin`.
  const model_description* taken_over() const noexcept { return lightgcn_ ? &description_ : nullptr; }

  /// For `model.json`.
  nlohmann::ordered_json describe() const;

private:
  continuation() = default;
  result<void> read_rankers();
  bool has_din() const;
  void keep_widths(train_options& options) const;
  void forget(const char* stages, const std::string& why, training_observer& observer);

  std::filesystem::path directory_;
  nlohmann::ordered_json json_; ///< `model.json`; an empty object if there is none.
  model_description description_;
  earlier_embeddings embeddings_;
  std::shared_ptr<const checkpoint> din_weights_, ranknet_weights_; ///< Null if there are none to start from.
  std::optional<user_marks> counted_;  ///< How far the histories were counted; nullopt if that is unknown.
  train_options full_;                 ///< As they were before `begin`.
  std::vector<std::size_t> first_new_; ///< By user of the models, as `din_start` has it.
  std::vector<bool> has_new_;          ///< By user of the models.
  std::size_t new_users_ = 0, new_items_ = 0, new_events_ = 0;
  bool lightgcn_ = false, din_ = false, ranknet_ = false; ///< Whether they continue.
};

} // namespace winnow
