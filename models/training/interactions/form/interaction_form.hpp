#pragma once

#include "models/files/csv_reader.hpp"
#include "models/training/interactions/columns/column_role.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The layout of an interaction file.
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
  /// Index of the field with each role. All but those of lists have a user and an item.
  by_role<std::optional<std::size_t>> columns;
  /// Field with items that the user took before that of the row, separated by blanks. May be that of the
  /// item.
  std::optional<std::size_t> list;

  /// Whether a row may hold several items.
  bool has_lists() const { return list || rows == layout::item_lists; }

  /// Whether the rows record the order in which a user took the items.
  bool has_times() const { return columns[column_role::time] || has_lists(); }
};

/// What separates the fields of `layout::double_colon`.
inline constexpr std::string_view double_colon = "::";

/// The dialect in which each line is one field.
inline constexpr csv_form whole_lines{'\n', false, true, false};

/// Splits a text at each delimiter. @param into Is overwritten.
void split_at(std::string_view text, std::string_view delimiter, std::vector<std::string_view>& into);

/// The same, alone.
std::vector<std::string_view> split_at(std::string_view text, std::string_view delimiter);

/// The fields of a record in this form. @param file Stands at the record.
std::vector<std::string_view> fields_of(csv_reader& file, const interaction_form& form);

/// What a file with the form `other` must have to continue one with the form `first`, as a phrase: the layout
/// and separator, either a header or as many fields, and columns with the same roles, since without the times
/// of a part those of the others mean nothing. Empty if it has all that.
std::string expected_of_part(const interaction_form& first, const interaction_form& other);

} // namespace winnow
