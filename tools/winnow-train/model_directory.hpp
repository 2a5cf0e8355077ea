#pragma once

#include "models/training/din_fit.hpp"
#include "models/training/interactions/item_metadata.hpp"
#include "models/training/lightgcn_fit.hpp"
#include "models/training/ranknet_fit.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The item columns beside LightGCN's, a row an item.
struct item_columns {
  std::vector<std::string> names;
  std::vector<float> values;
};

/// A model directory that is being made: a folder inside the real one, whose files take their places when all
/// is done.
class model_draft {
public:
  /// Nothing is there yet: `begin` makes it.
  explicit model_draft(std::filesystem::path target)
      : target_(std::move(target)), draft_(target_ / ".training") {}

  const std::filesystem::path& path() const { return draft_; }

  /// Where a stage keeps the state that it can go on from.
  std::filesystem::path state_of(const std::string& stage) const { return draft_ / (stage + ".state"); }

  /// Makes the folder. What an earlier run left there is removed, but for the states that a run can go on
  /// from.
  result<void> begin() const;

  /// Takes over what the target has of stages that are not trained anew; of `optional` files what is there.
  result<void> take_over(const std::vector<std::string>& files,
                         const std::vector<std::string>& optional = {}) const;

  result<void> write_lightgcn(const interaction_split& data, const lightgcn_result& trained) const;
  result<void> write_popularity(const interaction_split& data) const;

  /// `item_features.csv`: the item columns, and the vectors that DIN learned (`id_width` columns, perhaps
  /// none).
  result<void> write_features(const id_table& items, const item_columns& columns,
                              const std::vector<float>& id_vectors, std::size_t id_width) const;
  result<void> write_din(const din_result& trained, const din_shape& shape) const;
  result<void> write_ranknet(const ranknet_result& trained, const ranknet_shape& shape,
                             std::size_t user_width, std::size_t feature_width) const;
  result<void> write_description(const nlohmann::ordered_json& description) const;
  result<nlohmann::ordered_json> read_description() const;

  /// Digests of the files, by their names.
  result<nlohmann::ordered_json> digests() const;

  /// Moves every file to its place, `model.json` last, and removes the draft. Rankers that a run before left
  /// and this one did not train are moved aside as `.stale`: they know other embeddings.
  result<void> publish() const;

private:
  std::vector<std::string> files() const;

  std::filesystem::path target_, draft_;
};

/// Popularity, ln(1 + training interactions), and the metadata's columns.
item_columns columns_of(const interaction_split& data, const item_metadata* metadata);

} // namespace winnow
