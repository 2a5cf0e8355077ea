#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Keys with their values, in the order in which they were written.
using pair_list = std::vector<std::pair<std::string, std::string>>;

/// Parses `key=value,key2=value2`, the form of OpenTelemetry's variables: keys and values are
/// percent-encoded, blanks around them do not count, and empty entries are skipped. Returns nullopt if an
/// entry has no key or no
/// `=`, or contains control characters or a malformed escape.
std::optional<pair_list> parse_pairs(std::string_view text);

} // namespace winnow
