#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Parses `500ms`, `2s`, `1m`, `1h`, `1d`, or `0`, which alone needs no unit. Numbers are whole and not
/// negative. Returns nullopt if the text has another form or the value is too large.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// What to say behind a text that is refused as a duration, if nothing but its unit is missing:
/// `, which lacks a unit: ms, s, m, h or d`; empty otherwise.
std::string_view hint_at_unit(std::string_view refused);

/// The duration in the largest unit that holds it exactly, in the form that `parse_duration` reads.
std::string to_string(std::chrono::milliseconds duration);

} // namespace winnow
