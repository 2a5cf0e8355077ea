#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Reads `500ms`, `2s`, `1m`, `1h`, or a bare number of milliseconds: whole, not negative numbers.
/// Nothing where the text has another form or the value does not fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The duration in the largest unit that holds it exactly, in the form that `parse_duration` reads.
std::string to_string(std::chrono::milliseconds duration);

} // namespace winnow
