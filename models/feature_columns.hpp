#pragma once

#include "config/error.hpp"
#include "models/catalogue/feature_table.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/recall/embedding_table.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Where item columns can come from. A name is looked for in the file first, then among the embeddings.
struct column_sources {
  const std::filesystem::path& file; ///< Item features; empty: there are none.
  const id_table& items;
  const embedding_table& embeddings;
  const std::vector<std::string>& embedding_names; ///< Of the embeddings' columns.
};

/// The columns of DIN and RankNet, by name; none: all of the file, or of the embeddings where there is no
/// file.
struct column_choice {
  const std::filesystem::path& named_in; ///< For messages.
  std::optional<std::vector<std::string>> din;
  std::optional<std::vector<std::string>> ranknet;
};

/// The tables of both rankers: one and the same where they have the same columns, and the embeddings' own
/// where they have all of those and nothing else.
struct chosen_features {
  std::shared_ptr<const feature_table> din;
  std::shared_ptr<const feature_table> ranknet;
  std::size_t items_without_features = 0; ///< Catalogue items that the file lacks: zeros.
  std::size_t features_without_item = 0;  ///< Rows of items that are not in the catalogue: ignored.
};

/// Builds both tables; the file is read once, and only where a column is in it.
/// @return A column that is in neither source is `malformed`; the message names it and where it was looked
/// for.
result<chosen_features> choose_features(const column_sources& sources, const column_choice& choice);

} // namespace winnow
