#pragma once

#include "models/files/csv_reader.hpp"

#include <optional>
#include <vector>

namespace winnow {

/// How the lines of an interaction file are laid out, as its first line tells.
struct interaction_form {
  enum class layout {
    columns,      ///< One pair a row, fields told apart by `text.delimiter`.
    double_colon, ///< The same, told apart by `::`.
    item_lists,   ///< A user and all of his items a row, told apart by blanks.
  };

  layout rows = layout::columns;
  csv_form text;
  bool has_header = false;
  bool ids_are_numbers = false; ///< Of `item_lists`: the first row has only such, so others are mistakes.
  std::size_t fields = 0;       ///< Of the first row.
  std::size_t user = 0;         ///< Which field is the user's id.
  std::size_t item = 1;         ///< Which field is the item's id.
  std::optional<std::size_t> rating;
  std::optional<std::size_t> time;

  /// Whether the rows say in what order a user took his items.
  bool has_times() const { return time || rows == layout::item_lists; }
};

/// Looks at a file's first line. @return `malformed` for an empty file, for a table with commas or semicolons
/// that has no header with a user's and an item's column, and for rows of too many fields.
result<interaction_form> tell_interaction_form(const std::filesystem::path& path);

} // namespace winnow
