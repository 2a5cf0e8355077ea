#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

/// Unix seconds of what an interaction file says: a number (seconds; milli-, micro- and nanoseconds are told
/// by their size, so that seconds reach to the year 5138), or an ISO 8601 date with or without a time of day
/// and a zone (without one: UTC). Fractions are cut off. Nothing for what is neither.
std::optional<std::int64_t> parse_unix_time(std::string_view text);

} // namespace winnow
