#pragma once

#include <cstdint>
#include <string_view>

namespace winnow {

/// What a list was computed from, in one number: a profile's content and the version of the models. Not 0.
std::uint64_t profile_digest(std::string_view content, std::string_view model_version);

} // namespace winnow
