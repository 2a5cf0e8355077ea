#pragma once

#include <string>

namespace winnow {

/// Whether the open file still has this name: not after it was removed or renamed, or its directory was.
bool is_at(int descriptor, const std::string& path);

} // namespace winnow
