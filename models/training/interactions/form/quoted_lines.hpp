#pragma once

#include "config/error.hpp"
#include "models/files/csv_reader.hpp"

#include <string>
#include <string_view>

namespace winnow {

/// Whether a field stands in quotes as a whole: it has no other quotes, but for doubled ones.
bool is_quoted_whole(std::string_view field);

/// Whether the fields of a table stand in quotes, where quotes usually are ordinary characters, as between
/// tabs. They do if all fields of the first line are quoted, or if no line has a text without quotes, and one
/// has quotes. Numbers, times and marks of missing values need none; nor does a header above quoted rows.
/// @param file Stands at the first line, which must be read again afterwards. @param first That line.
/// @return False if the line has no such delimiter; an error as of `csv_reader::next`.
result<bool> are_fields_quoted(csv_reader& file, const std::string& first, std::string_view delimiter);

} // namespace winnow
