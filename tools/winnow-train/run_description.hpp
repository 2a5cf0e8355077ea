#pragma once

#include "models/drift/histogram.hpp"
#include "models/model_description.hpp"
#include "models/training/transition_fit.hpp"
#include "tools/winnow-train/train_options.hpp"
#include "tools/winnow-train/training_data.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The `model.json` of a training run, filled in stage by stage.
class run_description {
public:
  /// Begins with the `model.json` of an earlier run, without its metrics, its files, and the parts about
  /// `stage` and the stages after it.
  void keep_stages_before(training_stage stage, nlohmann::ordered_json earlier);

  /// Describes the program, the data, the seed, what decides which items are held back, and the cascade.
  /// @param earlier The trainings that have seen items which this one measures by, see `trainings_that_saw`.
  void set_run(const train_options& options, const training_data& data,
               const std::vector<training_record>& earlier = {});

  void set_item_metadata(const std::string& text);

  /// The second source of candidates: adds its stage features to the columns that `set_item_columns` sets
  /// later.
  void set_transitions(const transition_result& trained, std::size_t candidates);
  /// A weight of the transitions: `weight` or `din_weight`.
  void set_transition_weight(const char* name, double weight) { json_["transitions"][name] = weight; }
  /// The recent counts in popularity.csv. Adds their stage feature as `set_transitions` does.
  void set_recent_counts(double half_life) { json_["recent_counts"] = {{"half_life_events", half_life}}; }
  /// The columns that DIN takes in, and with them those of RankNet, which also takes in the stage features.
  void set_item_columns(const std::vector<std::string>& columns);

  /// Appends to the columns that DIN takes in.
  void drop_ranknet_item_columns(); ///< RankNet uses the stage features alone.
  void append_din_columns(const std::vector<std::string>& columns);

  /// What a run that continued took over.
  void set_continued(nlohmann::ordered_json from) { json_["continued"] = std::move(from); }
  /// RankNet's input columns so far, with the stage features.
  std::vector<std::string> ranknet_columns() const;

  void set_hyper_parameters(const std::string& stage, nlohmann::ordered_json parameters);
  void set_drift(const std::vector<reference_histogram>& histograms);
  void set_metrics(nlohmann::ordered_json rankings);
  void set_files(nlohmann::ordered_json digests);

  const nlohmann::ordered_json& json() const noexcept { return json_; }

private:
  nlohmann::ordered_json json_;
};

} // namespace winnow
