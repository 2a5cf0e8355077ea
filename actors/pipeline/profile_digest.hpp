#pragma once

#include <cstdint>
#include <string_view>

namespace winnow {

/// Returns a hash of what a list is computed from: the profile's content and the version of the models. Never
/// 0.
std::uint64_t profile_digest(std::string_view content, std::string_view model_version);

} // namespace winnow
