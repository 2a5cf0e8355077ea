#pragma once

#include "config/error.hpp"
#include "models/files/csv_reader.hpp"

#include <string_view>

namespace winnow {

/// Refuses a header, the reader's current record, in which this column occurs twice: only one of them would
/// count. Blanks around names do not count.
/// @return `malformed`, with the file, the column's name and both places.
result<void> check_name_once(csv_reader& header, std::string_view name);

/// The same for all columns with a name; the index that pandas writes has none.
result<void> check_names_once(csv_reader& header);

} // namespace winnow
