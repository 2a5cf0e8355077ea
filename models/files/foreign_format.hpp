#pragma once

#include <string_view>

namespace winnow {

/// Names the format of a file that is not the text or checkpoint that was expected, by the bytes at its
/// beginning: `a Parquet file`, `text in UTF-16`, `a Git LFS pointer …`. Empty if the bytes look like
/// ordinary text or like nothing known.
std::string_view foreign_format(std::string_view beginning);

} // namespace winnow
