#pragma once

#include "config/error.hpp"
#include "models/registry/version_name.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The versions in a model directory: `versions/NAME/…`, beside the flat layout, and `current`, which names
/// the one that is served. All functions block.
namespace winnow {

/// How good a version was when it was trained, of the last ranking in its `model.json`.
struct offline_metrics {
  std::string ranking; ///< `+ RankNet`, …
  std::size_t k = 0;   ///< Length of the measured lists.
  double recall = 0, ndcg = 0, hit_rate = 0, mrr = 0;
};

/// A version on disk.
struct version_entry {
  std::string name;
  std::filesystem::path directory;
  std::optional<std::int64_t> published; ///< When its last file came, in seconds since 1970.
  std::string digest;                    ///< As its trainer has written it; empty if unknown.
  std::optional<offline_metrics> metrics;
  bool pinned = false;
};

/// Returns the versions, the oldest first, and before them the flat one if the model directory has files of
/// its own. A directory whose name is not that of a version, or that has no `manifest.json` yet (a copy is
/// under way), is left out.
result<std::vector<version_entry>> list_versions(const std::filesystem::path& home);

/// Whether the model directory has neither files of its own nor a current version.
bool serves_nothing(const std::filesystem::path& home);

/// Returns the directory of a version. @return `not_found`, which names it; `conflict` if it has no
/// `manifest.json` yet; `invalid_argument` for a name that no version can have.
result<std::filesystem::path> directory_of_version(const std::filesystem::path& home,
                                                   const std::string& name);

/// Makes `current` name a directory. It is replaced as a whole, so that every reader finds the old or the new
/// name. What was a link stays one.
result<void> name_current(const std::filesystem::path& home, const std::filesystem::path& directory);

bool is_pinned(const std::filesystem::path& directory);

/// Keeps a version from being deleted, or no longer does.
result<void> pin_version(const std::filesystem::path& home, const std::string& name, bool pinned);

/// Removes a version, also one without a manifest. @return `conflict` if it is pinned. The caller checks that
/// it is not in force.
result<void> delete_version(const std::filesystem::path& home, const std::string& name);

} // namespace winnow
