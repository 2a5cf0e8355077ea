#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Returns `; did you mean NAME?` with the known name most similar to `given`; empty if none is similar.
std::string suggestion(std::string_view given, const std::vector<std::string>& known);

} // namespace winnow
