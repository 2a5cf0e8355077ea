#pragma once

#include "models/files/csv_reader.hpp"

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace winnow {

/// The dialect of the tables that are served: blanks around commas are not part of ids, unless quotes hold
/// them.
constexpr csv_form served_table_form(bool gzip = false) {
  csv_form form;
  form.gzip = gzip;
  form.trim = true;
  return form;
}

/// The column with the ids in a table with a header. Where a column has an empty cell, pandas makes numbers
/// with a fraction of all its ids: `3` becomes `3.0`. If all ids of the column are so, but for missing ones,
/// and none of them is quoted, they lose it again, and the log says so. To know that, the file is read once
/// more, but only if its first id is so. Blocking; one thread at a time.
class id_column {
public:
  id_column() = default;

  /// @param form How the table is read. @param field The column's place, from 0.
  id_column(std::filesystem::path file, const csv_form& form, std::size_t field)
      : file_(std::move(file)), form_(form), field_(field) {}

  /// The id in a cell. Called with every cell of the column, in order.
  /// @param cell Without blanks around it. @return A part of it.
  std::string_view id_in(std::string_view cell, bool is_quoted) {
    if (!looked_ && !is_missing(cell))
      look(cell, is_quoted);
    return strips_ ? stripped(cell) : cell;
  }

private:
  static bool is_missing(std::string_view cell);
  void look(std::string_view first, bool is_quoted);
  bool all_have_zero_fraction() const;
  static std::string_view stripped(std::string_view cell);

  std::filesystem::path file_;
  csv_form form_;
  std::size_t field_ = 0;
  bool looked_ = false, strips_ = false;
};

} // namespace winnow
