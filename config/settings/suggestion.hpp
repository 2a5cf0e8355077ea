#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// `; did you mean NAME?` with the known name that is nearest to what was given; empty where none is near.
std::string suggestion(std::string_view given, const std::vector<std::string>& known);

} // namespace winnow
