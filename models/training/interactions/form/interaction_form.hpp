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

/// Whether a file with the form `other` continues one with the form `first`: both have the same layout and
/// separator, and either headers or as many fields.
bool is_same_layout(const interaction_form& first, const interaction_form& other);

/// The layout as a phrase, such as `a table with a header, separated by ","`.
std::string layout_name(const interaction_form& form);

} // namespace winnow
