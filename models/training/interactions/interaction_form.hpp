#pragma once

#include "models/files/csv_reader.hpp"

#include <optional>
#include <vector>

namespace winnow {

/// The layout of an interaction file, detected from its first line.
struct interaction_form {
  enum class layout {
    columns,      ///< One pair a row, fields separated by `text.delimiter`.
    double_colon, ///< One pair a row, fields separated by `::`.
    item_lists,   ///< A user and all items of the user in a row, separated by blanks.
  };

  layout rows = layout::columns;
  csv_form text;
  bool has_header = false;
  bool ids_are_numbers =
      false;              ///< For `item_lists`: all ids of the first row are numbers, so others are errors.
  std::size_t fields = 0; ///< In the first row.
  std::size_t user = 0;   ///< Index of the field with the user's id.
  std::size_t item = 1;   ///< Index of the field with the item's id.
  std::optional<std::size_t> rating;
  std::optional<std::size_t> time;

  /// Whether the rows record the order in which a user took the items.
  bool has_times() const { return time || rows == layout::item_lists; }
};

/// Detects the form from a file's first line. @return `malformed` if the file is empty, if a table with
/// commas or semicolons has no header with a user and an item column, or if the row has too many fields.
result<interaction_form> tell_interaction_form(const std::filesystem::path& path);

} // namespace winnow
