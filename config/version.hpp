#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// The version of this build, e.g. `0.1.0`, as set in the top CMakeLists.txt.
std::string_view version() noexcept;

/// Returns `program 0.1.0`, then one line per library with the version that this build was configured with.
std::string version_text(std::string_view program);

} // namespace winnow
