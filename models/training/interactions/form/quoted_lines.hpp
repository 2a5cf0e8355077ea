#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The lines after the first one that `are_fields_quoted` looks at.
inline constexpr std::size_t lines_looked_at = 20;

/// Whether a field stands in quotes as a whole: it has no other quotes, but for doubled ones.
bool is_quoted_whole(std::string_view field);

/// Whether the fields of a table stand in quotes, where quotes usually are ordinary characters, as between
/// tabs. They do if all fields of the first line are quoted, or if no line has a text without quotes, and one
/// has quotes. Numbers, times and marks of missing values need none; nor does a header above quoted rows.
/// @param following Lines after the first one.
bool are_fields_quoted(std::string_view first, const std::vector<std::string>& following,
                       std::string_view delimiter);

} // namespace winnow
