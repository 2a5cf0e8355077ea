#pragma once

#include "config/error.hpp"
#include "models/files/file_digest.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace winnow {

/// Lists the files of a model directory with their sizes and digests, so that a directory whose files are
/// being replaced is not taken for a set:
///
///     {"files": {"din/best_model.pth": {"bytes": 417318, "xxh3": "9c3a30b0a2ec2e2f"}, …}}
///
/// `xxh3` is what `xxhsum -H3` prints. `"version"` may say which version the files are; nothing checks it.
inline constexpr const char* manifest_file = "manifest.json";

struct manifest_entry {
  std::uint64_t bytes = 0;
  std::string digest; ///< 16 hexadecimal digits.
};

/// By the file's path below the directory, with slashes.
using manifest = std::map<std::string, manifest_entry>;

/// @return `malformed`, naming the entry, if the file is no manifest.
result<manifest> read_manifest(const std::filesystem::path& file);

/// Returns the text of a manifest of these files below the directory. @param version Of the set, if known.
result<std::string> make_manifest(const std::filesystem::path& directory,
                                  const std::vector<std::string>& files, const std::string& version = {});

/// Returns the digest of the manifest's text, to see whether the directory has other files now. @return Empty
/// if there is no manifest, or it cannot be read. Blocking.
std::string digest_of_manifest(const std::filesystem::path& directory);

/// Checks the files of a set against the manifest in their directory. Files that it does not list are not
/// checked, nor those that it lists and the set does not use.
/// @param used The files of the set that exist.
/// @param digests Of these files.
/// @param possible All files that the set may have. Those that the manifest lists must exist.
/// @return `conflict`, which names the file, and both sizes and digests.
result<void> check_manifest(const std::filesystem::path& file, const std::vector<std::filesystem::path>& used,
                            const file_digests& digests, const std::vector<std::filesystem::path>& possible);

} // namespace winnow
