#pragma once

#include "config/settings/cascade_widths.hpp"

#include <cstdint>
#include <string_view>

namespace winnow {

/// Returns a hash of a profile or a list as stored.
std::uint64_t content_digest(std::string_view content);

/// Returns a hash of what a list depends on besides the profile: the version of the models, and the widths.
/// A list that a stage could not rank in time has another basis, so that the next process computes it again.
std::uint64_t list_basis(std::string_view model_version, const cascade_widths& widths, bool degraded = false);

/// Returns a hash of everything that a list is computed from. Never 0.
/// @param content `content_digest` of the profile.
std::uint64_t profile_digest(std::uint64_t content, std::uint64_t basis);

} // namespace winnow
