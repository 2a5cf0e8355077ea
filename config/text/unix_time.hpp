#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

/// Parses a time, as shops write it into their files, into Unix seconds. Accepts an ISO 8601 date with an
/// optional time of day and zone (default: UTC), with a time of day also in the basic form
/// (`20301231T101500+0100`), where 24:00 is the next midnight, or a number of seconds, milli-, micro- or
/// nanoseconds. Its unit is the largest one in which the number is before the year 10000: 253402300799 are
/// seconds, 253402300800 are milliseconds (in 1978). Drops fractions. nullopt for all other texts.
std::optional<std::int64_t> parse_unix_time(std::string_view text);

/// The same for times that are not near 1970. Eight digits are a date such as 20301231 (UTC), also with `.0`
/// behind them, and not seconds of the years 1970 to 1973. nullopt also if there is no such date.
std::optional<std::int64_t> parse_time_or_date(std::string_view text);

} // namespace winnow
