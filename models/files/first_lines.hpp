#pragma once

#include <optional>
#include <string_view>

namespace winnow {

/// What the beginning of a table or list tells about the lines below, for its readers such as `csv_reader`.

/// The character that ends the lines: `\r` if they end with nothing else, as old spreadsheets on the
/// Macintosh write them, else `\n`, also if a `\r` stands before it.
/// @param beginning As much of the file as is known.
char line_end_of(std::string_view beginning);

/// The separator that a line such as `sep=;` names, which spreadsheets write and expect above the header, in
/// lower or upper case, with or without quotes; `sep=\t` names the tab. nullopt if the line is another one.
std::optional<char> separator_named_by(std::string_view line);

} // namespace winnow
