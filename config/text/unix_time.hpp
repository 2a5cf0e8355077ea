#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

/// Parses a time, as shops write it into their files, into Unix seconds. Accepts a number of seconds, milli-,
/// micro- or nanoseconds (recognised by their size, so seconds reach to the year 5138), or an ISO 8601 date
/// with an optional time of day and zone (default: UTC). Drops fractions. nullopt for all other texts.
std::optional<std::int64_t> parse_unix_time(std::string_view text);

} // namespace winnow
