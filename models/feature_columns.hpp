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

/// Sources of item columns. A name is looked up in the file first, then among the embeddings.
struct column_sources {
  const std::filesystem::path& file; ///< Item features; empty if there is no file.
  const id_table& items;
  const embedding_table& embeddings;
  const std::vector<std::string>& embedding_names; ///< Names of the embeddings' columns.
};

/// The columns of DIN and RankNet by name; nullopt for all columns of the file, or of the embeddings if there
/// is no file.
struct column_choice {
  const std::filesystem::path& named_in; ///< For messages.
  std::optional<std::vector<std::string>> din;
  std::optional<std::vector<std::string>> ranknet;
};

/// Where the columns of a ranker's table come from.
struct column_selection {
  struct column {
    std::size_t from; ///< Position in the source.
    std::size_t to;   ///< Position in the table.

    bool operator==(const column& other) const { return from == other.from && to == other.to; }
  };

  std::vector<column> of_file;
  std::vector<column> of_embeddings;

  std::size_t width() const { return of_file.size() + of_embeddings.size(); }
  bool operator==(const column_selection& other) const {
    return of_file == other.of_file && of_embeddings == other.of_embeddings;
  }
};

/// Where the columns of both rankers come from, for items that are added later.
struct feature_plan {
  std::filesystem::path file;          ///< Item features; empty if there is no file.
  std::vector<std::string> file_names; ///< The names of its columns.
  column_selection din, ranknet;
};

/// The feature tables of both rankers. They are shared if both use the same columns. A ranker that uses
/// exactly the embeddings' columns, in order, shares the embeddings' own table.
struct chosen_features {
  std::shared_ptr<const feature_table> din;
  std::shared_ptr<const feature_table> ranknet;
  feature_plan plan;
  std::size_t items_without_features = 0; ///< Catalogue items missing from the file: zeros.
  std::size_t features_without_item = 0;  ///< Rows of items outside the catalogue: ignored.
};

/// Builds both tables. Rows of the file are read at most once, and only if a chosen column is in it.
/// @return `malformed` if a column is in neither source, or twice in the one that has it; the message names
///   the column and both sources or places. Columns that nobody named may share a name: then the log says so.
result<chosen_features> choose_features(const column_sources& sources, const column_choice& choice);

} // namespace winnow
