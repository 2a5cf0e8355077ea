#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

/// A field of a CSV file with this delimiter, quoted if necessary.
std::string csv_field(std::string_view text, char delimiter = ',');

/// The same for an id, which readers of tables take as it is only in quotes if it has blanks around it or
/// ends in `.0`.
std::string csv_id(std::string_view id, char delimiter = ',');

/// A field's text for a message: in quotes, safe to print, cut after `longest` bytes.
std::string quoted_field(std::string_view text, std::size_t longest = 40);

/// Whether a column is the index that pandas writes: without a name, or `Unnamed: 0` if it was read and
/// written again.
bool is_index_name(std::string_view name);

} // namespace winnow
