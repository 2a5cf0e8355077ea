#pragma once

#include "models/training/interactions/interaction_form.hpp"
#include "models/training/interactions/interaction_reader.hpp"

namespace winnow {

/// Reads files of interactions into one log, row by row: what is in a row, what is wrong with it, who is
/// counted where. Rows stand in the order of the files; `finish` sorts them. Blocking; one thread at a time.
class interaction_rows {
public:
  /// @param log Takes in the rows; ids that it has keep their index.
  interaction_rows(interaction_log& log, const reading_options& options, row_report& report)
      : log_(log), options_(options), report_(report) {}

  /// Reads a file behind what was read so far. @return `malformed` for a form that is none and, if strict,
  /// for the first bad row.
  result<void> read(const std::filesystem::path& path);

  /// Puts the pairs in the order of time and drops those that were there before.
  void finish();

private:
  result<void> read_row(csv_reader& row);
  result<void> read_columns(csv_reader& row);
  result<void> read_item_list(csv_reader& row);
  void split_double_colon(std::string_view text);
  void drop_duplicates();

  interaction_log& log_;
  const reading_options& options_;
  row_report& report_;
  interaction_form form_;
  std::vector<std::string_view> fields_; // of a row with double colons
};

} // namespace winnow
