#pragma once

#include "config/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace winnow {

/// Whether a text stands for a number that is missing, as R, pandas, MySQL and people write it.
inline bool is_missing_mark(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 7> marks{"na", "n/a", "nan", "null", "none", "-", "\\n"};
  return std::any_of(marks.begin(), marks.end(),
                     [text](std::string_view mark) { return equal_ignoring_case(text, mark); });
}

/// The same among texts, of which some of these marks may be one: whether a program writes the text as this
/// for a missing one, and nobody else does.
inline bool is_missing_text(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 9> marks{"NaN", "nan",  "NA",   "<NA>", "N/A",
                                                  "n/a", "NULL", "null", "\\N"};
  return std::find(marks.begin(), marks.end(), text) != marks.end();
}

} // namespace winnow
