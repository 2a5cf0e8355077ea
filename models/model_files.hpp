#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "models/recall/fold_in_files.hpp"

#include <filesystem>
#include <vector>

namespace winnow {

/// Where the files of a model set are. Optional files that do not exist have an empty path, unless stated
/// otherwise.
struct model_paths {
  /// The directory that is read: that of `model_settings::version`, else the one that the entry `current` of
  /// `model_settings::dir` names, else that itself. Links in it are resolved once, so that all files come
  /// from one directory even if a link is changed meanwhile.
  std::filesystem::path directory;
  std::filesystem::path user_embeddings, item_embeddings, transitions, din, ranknet, item_features,
      description;
  std::filesystem::path interactions; ///< To count popularity from.
  std::filesystem::path popularity;   ///< May be the same.
  std::filesystem::path attributes;   ///< Of the items, see `items_file_of`. No part of the version.
  fold_in_paths folding;              ///< Stated even if they do not exist.
  std::filesystem::path manifest;
  /// Every file that this set may have, also those that do not exist: to see whether one changes.
  std::vector<std::filesystem::path> possible;

  /// Returns the files that the set is made of and that exist, in the order in which they are hashed.
  /// @param with_recent Whether the set takes recent counts from `popularity`.
  std::vector<std::filesystem::path> used(bool with_recent) const;
};

/// Where the items file of a set is. That of the model directory is the shop's word, whichever version is in
/// force; only if there is none, the version's own copy counts. That one need not exist.
/// @param home The model directory. @param directory Where the other files of the set come from.
std::filesystem::path items_file_of(const std::filesystem::path& home,
                                    const std::filesystem::path& directory);

/// Finds the files of a model directory. A file named in the settings must exist; one in the default place is
/// optional, except for those that every set has.
result<model_paths> locate_models(const model_settings& settings);

} // namespace winnow
