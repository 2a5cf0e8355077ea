#pragma once

#include "models/training/interactions/columns/chosen_columns.hpp"
#include "models/training/interactions/form/interaction_form.hpp"

#include <filesystem>
#include <vector>

namespace winnow {

/// Whether files without a separator on the first line are known to be lists, as those of a split are. If
/// not, their first lines are checked.
enum class item_list_files {
  known,
  known_with_tabs, ///< Tabs separate the items as blanks do, and no columns.
  guessed,
};

/// Detects the form from a file's first record, at which `file` stands, read as a single field (see
/// `whole_lines`). Then reads that record once more in the form, and stands at it.
/// @param chosen The names or places of the columns. Also with places, the record is a header if it has the
///   names of public data sets or RecBole's types. Quotes are ordinary characters between tabs, unless the
///   first lines have all texts in quotes.
/// @return `malformed` if the record is JSON, or has RecBole's types but no user or item, if fields between
///   double colons stand in quotes, if a table with commas or semicolons has no header with a user and an
///   item column, if two columns have the same name and either may be meant, if a chosen column is missing or
///   has two roles, or if the record has too many fields.
result<interaction_form> detect_interaction_form(csv_reader& file, const chosen_columns& chosen,
                                                 item_list_files lists);

/// Whether tabs may separate the items of lists (`user item item …`) in files without a header, and not the
/// columns of rows (`user item rating time`): the first line has too many of them, or none, or no user has
/// two lines. Reads all of the files, if need be.
result<bool> has_tabs_between_items(const std::vector<std::filesystem::path>& files);

} // namespace winnow
