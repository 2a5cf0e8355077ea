#pragma once

#include "models/catalogue/fading_counts.hpp"
#include "models/training/din_fit.hpp"
#include "models/training/interactions/item_metadata.hpp"
#include "models/training/lightgcn_fit.hpp"
#include "models/training/ranknet_fit.hpp"
#include "models/training/transition_fit.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The item columns besides LightGCN's, one row per item.
struct item_columns {
  std::vector<std::string> names;
  std::vector<float> values;
};

/// A draft of a model directory: a folder inside the target, whose files move into place when training is
/// done.
class model_draft {
public:
  /// Does not create the draft; `begin` does.
  /// @param earlier The directory with the stages that are not retrained; empty: the target.
  explicit model_draft(std::filesystem::path target, std::filesystem::path earlier = {})
      : target_(std::move(target)), earlier_(earlier.empty() ? target_ : std::move(earlier)),
        draft_(target_ / ".training") {}

  const std::filesystem::path& path() const { return draft_; }

  /// The file with the state from which a stage can resume.
  std::filesystem::path state_of(const std::string& stage) const { return draft_ / (stage + ".state"); }

  /// Checks, without changing anything, that the files can get into place at the end.
  /// @param as_version Whether `publish_version` is to do that.
  /// @return `io_error` that names what is in the way.
  result<void> check_places(bool as_version) const;

  /// Creates the folder. Removes files that an earlier run left there.
  /// @param resumes Keeps the states to resume from; otherwise they would pass for those of this run.
  /// @return Whether states were removed.
  result<bool> begin(bool resumes) const;

  /// Copies files of stages that are not retrained. Files in `optional` may be missing.
  result<void> take_over(const std::vector<std::string>& files,
                         const std::vector<std::string>& optional = {}) const;

  /// Writes the rows of all items, and of the users with training items.
  result<void> write_lightgcn(const interaction_split& data, const lightgcn_result& trained) const;
  /// Writes the transitions, and how far each user's history has been counted.
  result<void> write_transitions(const interaction_split& data, const transition_result& trained) const;
  /// Writes how often each item was taken. @param recent Lately, by item; null if unknown.
  result<void> write_popularity(const interaction_split& data, const fading_counts* recent) const;

  /// Writes `item_features.csv`: the item columns and DIN's learned vectors (`id_width` columns, may be 0).
  result<void> write_features(const id_table& items, const item_columns& columns,
                              const std::vector<float>& id_vectors, std::size_t id_width) const;
  result<void> write_din(const din_result& trained, const din_shape& shape) const;
  result<void> write_ranknet(const ranknet_result& trained, const ranknet_shape& shape,
                             std::size_t user_width, std::size_t feature_width) const;
  result<void> write_description(const nlohmann::ordered_json& description) const;
  result<nlohmann::ordered_json> read_description() const;

  /// The version of the models in the draft: the digest that winnowd computes of a directory that it loads.
  /// `model.json` is a part of it.
  result<std::string> version() const;

  /// Digests of the files, by name.
  result<nlohmann::ordered_json> digests() const;

  /// Moves all files into place, the manifest first and `model.json` last, and removes the draft. Renames
  /// rankers of an earlier run that this run did not train to `.stale`, because they belong to other
  /// embeddings.
  result<void> publish() const;

  /// Moves the draft to `versions/NAME` below the target, as a whole, with a manifest that has the version's
  /// digest. Leaves the target's own files alone. @return The name.
  result<std::string> publish_version() const;

private:
  std::vector<std::string> files() const;
  result<void> list_for_readers(std::vector<std::string>& names) const;

  std::filesystem::path target_, earlier_, draft_;
};

/// Popularity, ln(1 + training interactions), and the columns of the metadata. @param metadata May be null.
item_columns columns_of(const interaction_split& data, const item_metadata* metadata);

} // namespace winnow
