#pragma once

#include <string_view>

namespace winnow {

/// Names the format of a file that is not the text or checkpoint that was expected, by the bytes at its
/// beginning: `a Parquet file`, `text in UTF-16`, `a Git LFS pointer …`. Empty if the bytes look like
/// ordinary text or like nothing known.
std::string_view foreign_format(std::string_view beginning);

/// Whether the first line of a text is an object of JSON, and no row of a table.
bool is_json_line(std::string_view line);

} // namespace winnow
