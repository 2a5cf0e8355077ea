#pragma once

#include "config/error.hpp"
#include "models/training/interactions/columns/column_role.hpp"

#include <string>
#include <string_view>

namespace winnow {

/// The columns that a user names, by role. Empty: to be found by the names of public data sets.
using chosen_columns = by_role<std::string>;

/// Parses `user=NAME,item=NAME[,rating=NAME][,time=NAME]`, in any order. A number is the place of the column,
/// counted from 1, in a file without a header; then all must be numbers.
/// No column may have two roles.
/// @return `invalid_argument` that names the expected and the actual text.
result<chosen_columns> parse_chosen_columns(std::string_view text);

/// Whether the columns are chosen by their places.
bool are_places(const chosen_columns& chosen);

/// Whether any column is chosen.
bool any_chosen(const chosen_columns& chosen);

} // namespace winnow
