#pragma once

#include "config/settings/values/cascade_widths.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace winnow {

struct shop_rules;

/// Returns a hash of a profile or a list as stored.
std::uint64_t content_digest(std::string_view content);

/// Returns a hash of what a list depends on besides the profile: the version of the models, the widths, and
/// the shop's rules for all lists. A list that a stage could not rank in time has another basis, so that it
/// is known to be computed again.
/// @param rules `plain_digest_of` the rules.
std::uint64_t list_basis(std::string_view model_version, const cascade_widths& widths, bool degraded = false,
                         std::uint64_t rules = 0);

/// The digest of the rules for all lists; 0 without any.
std::uint64_t plain_digest_of(const std::shared_ptr<const shop_rules>& rules);

/// Returns a hash of everything that a list is computed from. Never 0.
/// @param content `content_digest` of the profile.
std::uint64_t profile_digest(std::uint64_t content, std::uint64_t basis);

} // namespace winnow
