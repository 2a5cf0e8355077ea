#pragma once

#include "models/files/output_file.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Copies a table of items to a CSV file with the column `item_id` and the others by their names, as winnowd
/// reads it. Several values in a field are separated by `|`.
class item_table_writer {
public:
  /// @return `io_error` if the file cannot be created.
  static result<item_table_writer> create(const std::filesystem::path& to);

  /// Writes the header. Called once, before all rows. @param id The field with the item's id.
  /// @param delimiter Of the table: the copy of one with semicolons has them, too, and says so, since between
  ///   them commas may stand before decimals.
  result<void> write_header(const std::vector<std::string_view>& header, std::size_t id, char delimiter);

  /// Writes a row with as many fields as the header. @param id Is written in the place of the field with the
  /// id.
  result<void> write_row(std::string_view id, const std::vector<std::string_view>& fields);

  /// Whether a write has failed.
  bool has_failed() const noexcept { return failed_; }

  /// Completes the file. It gets the time of the newest file of the table: a copy says nothing newer.
  result<void> close(const std::filesystem::path& table);

private:
  /// A column of the table besides the id.
  struct copied_column {
    std::size_t place = 0; ///< Its field.
    bool is_sequence = false;
  };

  explicit item_table_writer(output_file file) : file_(std::move(file)) {}

  result<void> write(const std::string& row);

  output_file file_;
  bool failed_ = false;
  char delimiter_ = ',';
  std::vector<copied_column> columns_;
};

} // namespace winnow
