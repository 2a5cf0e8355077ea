#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// The names of the versions of a model directory: those below `versions/`, and `flat`.
namespace winnow {

/// The folder of a model directory with the published versions, each a directory of its own.
inline constexpr const char* versions_directory = "versions";

/// The file or link of a model directory that names the directory to read.
inline constexpr const char* current_entry = "current";

/// What the model directory's own files are called among the versions.
inline constexpr std::string_view flat_version = "flat";

/// Whether a version may have this name: at most 100 letters, digits, dots, hyphens and underscores, not with
/// a dot in front, and neither `flat` nor a name that the admin endpoint uses otherwise.
bool is_version_name(std::string_view name);

/// Names a new version by the time and the first digits of its digest: `20261129T043012Z-1a2b3c4d`.
/// @param unix_time In seconds.
std::string make_version_name(std::int64_t unix_time, std::string_view digest);

/// Names the version that was read from a directory: the folder's name, `flat` for the model directory
/// itself, and for any other directory, which `current` may name, `./` and its path below the model
/// directory, or its whole path.
/// @param home The model directory.
std::string version_name_of(const std::filesystem::path& home, const std::filesystem::path& directory);

/// Returns the name of the version that a name in `versions/` leads to: another one if it is a link to that,
/// else the name itself. Blocking.
std::string version_behind(const std::filesystem::path& home, const std::string& name);

/// Whether the version is in `versions/`.
bool is_published(const std::filesystem::path& home, const std::filesystem::path& directory);

} // namespace winnow
