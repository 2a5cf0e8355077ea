#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// The version of this build, e.g. `0.1.0`: the project's version in the top CMakeLists.txt.
std::string_view version() noexcept;

/// `program 0.1.0` and, a line each, the versions of the libraries that this build was configured with.
std::string version_text(std::string_view program);

} // namespace winnow
