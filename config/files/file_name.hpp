#pragma once

#include <filesystem>
#include <string>

namespace winnow {

/// Whether the open file still has this name: not after it was removed or renamed, or its directory was.
bool is_at(int descriptor, const std::string& path);

/// Whether nothing has this name, so that an optional file was left out. A link whose target is missing has
/// it, and so may what is in a folder that must not be searched: opening these fails, with the reason,
/// instead of going on without what they hold.
bool is_absent(const std::filesystem::path& path);

} // namespace winnow
