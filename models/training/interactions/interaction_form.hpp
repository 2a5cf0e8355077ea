#pragma once

#include "models/files/csv_reader.hpp"
#include "models/training/interactions/column_names.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Whether files without a separator on the first line are known to be lists, as those of a split are. If
/// not, their first lines are checked.
enum class item_list_files {
  known,
  known_with_tabs, ///< Tabs separate the items as blanks do, and no columns.
  guessed,
};

/// The layout of an interaction file, detected from its first line.
struct interaction_form {
  enum class layout {
    columns,      ///< One pair a row, fields separated by `text.delimiter`.
    double_colon, ///< One pair a row, fields separated by `::`.
    item_lists,   ///< A user and all items of the user in a row, separated by blanks or tabs.
  };

  layout rows = layout::columns;
  csv_form text;
  bool has_header = false;
  std::size_t fields = 0; ///< In the first row.
  std::size_t user = 0;   ///< Index of the field with the user's id.
  std::size_t item = 1;   ///< Index of the field with the item's id.
  /// Field with items that the user took before that of the row, separated by blanks. May be that of the
  /// item.
  std::optional<std::size_t> list;
  std::optional<std::size_t> rating;
  std::optional<std::size_t> time;

  /// Whether the rows record the order in which a user took the items.
  bool has_times() const { return time || list || rows == layout::item_lists; }

  /// The column with a role, if there is one.
  std::optional<std::size_t> column_of(column_role role) const;
};

/// Detects the form from a file's first record, at which `file` stands, read as a single field. Then reads
/// that record once more in the form, and stands at it.
/// @param chosen The names or places of the columns. Also with places, the record is a header if it has the
///   names of public data sets or RecBole's types.
/// @return `malformed` if the record is JSON, or has RecBole's types but no user or item, if a table with
///   commas or semicolons has no header with a user and an item column, if two columns have the same name and
///   either may be meant, if a chosen column is missing or has two roles, or if the record has too many
///   fields.
result<interaction_form> detect_interaction_form(csv_reader& file, const chosen_columns& chosen,
                                                 item_list_files lists);

/// Whether tabs may separate the items of lists (`user item item …`) in files without a header, and not the
/// columns of rows (`user item rating time`): the first line has too many of them, or none, or no user has
/// two lines. Reads all of the files, if need be.
result<bool> has_tabs_between_items(const std::vector<std::filesystem::path>& files);

/// Checks a line of a file that was taken for lists because its first line has no separator: messages and
/// tables below a title are no lists. Lines begin with an id (not with `#`, `%` or `--`) and have no tab,
/// comma, also of full width, semicolon, bar, caret, tilde or `::`. An id has a letter or digit, has no
/// double or back quote and no bracket, does not begin or end with `'`, and does not end with `.`, `:`, `!`
/// or `?`.
/// @return `malformed` that names the line and the reason.
result<void> check_item_list(const csv_reader& file);

/// Returns the error for a line that is no list. @param why Continues `got "LINE": `.
tl::unexpected<error> refuse_item_list(const csv_reader& file, std::size_t offset, const std::string& why);

/// What was expected of a file that was taken for lists, up to `got `.
inline constexpr const char* expected_item_lists =
    "expected a first line with the columns user_id and item_id, or lists (user item item …), got ";

/// The fields of a record in this form. @param file Stands at the record.
std::vector<std::string_view> fields_of(csv_reader& file, const interaction_form& form);

/// What may separate columns, for messages.
inline constexpr const char* known_separators = "columns are separated by a comma, semicolon, tab, bar, "
                                                "blank or ::, or by what a first line such as sep=^ "
                                                "names";

/// Whether a file with the form `other` continues one with the form `first`: both have the same layout and
/// separator, and either headers or as many fields.
bool is_same_layout(const interaction_form& first, const interaction_form& other);

/// The layout as a phrase, such as `a table with a header, separated by ","`.
std::string layout_name(const interaction_form& form);

/// The dialect in which a file is opened for `detect_interaction_form`: each line is one field.
inline constexpr csv_form whole_lines{'\n', false, true, false};

} // namespace winnow
