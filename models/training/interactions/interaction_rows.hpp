#pragma once

#include "models/training/interactions/interaction_form.hpp"
#include "models/training/interactions/interaction_reader.hpp"

#include <unordered_set>

namespace winnow {

/// Reads interaction files into one log, row by row, and counts bad rows in a report. Rows keep the order of
/// the files until `finish` sorts them. Blocking; one thread at a time.
class interaction_rows {
public:
  /// @param log Receives the rows; its existing ids keep their index.
  interaction_rows(interaction_log& log, const reading_options& options, row_report& report)
      : log_(log), options_(options), report_(report) {}

  /// Appends the rows of a file. Returns false if it is empty.
  /// @return `malformed` if its form is unknown or, if strict, for the first bad row.
  result<bool> read(const std::filesystem::path& path);

  /// Sorts the pairs by time and drops repeated ones.
  void finish();

private:
  result<void> read_all(csv_reader& file);
  result<void> read_row(csv_reader& row);
  void take_over_ids(std::size_t first_event);
  result<void> read_columns(csv_reader& row);
  result<void> read_item_list(csv_reader& row);
  void take_list(csv_reader& row, std::int64_t time);
  void split_double_colon(std::string_view text);
  void order_ties_by_item();
  void drop_duplicates();

  interaction_log& log_;
  const reading_options& options_;
  row_report& report_;
  interaction_form form_;
  std::string form_source_;                  ///< The current file, for remarks.
  id_table users_, items_;                   ///< Of the current file, as they are written there.
  std::unordered_set<std::uint64_t> listed_; ///< Pairs of the current file, if its rows have lists.
  std::vector<std::string_view> fields_;     ///< Of the current row with double colons.
};

} // namespace winnow
