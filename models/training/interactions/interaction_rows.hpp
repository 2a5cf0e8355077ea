#pragma once

#include "models/training/interactions/form/form_detection.hpp"
#include "models/training/interactions/form/item_list_check.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/interactions/row_report.hpp"

#include <optional>
#include <unordered_set>

namespace winnow {

/// Reads interaction files into one log, row by row, and counts bad rows in a report. Rows keep the order of
/// the files until `finish` sorts them. Blocking; one thread at a time.
class interaction_rows {
public:
  /// @param log Receives the rows; its existing ids keep their index.
  interaction_rows(interaction_log& log, const reading_options& options, row_report& report,
                   item_list_files lists = item_list_files::guessed)
      : log_(log), options_(options), report_(report), lists_(lists),
        check_(lists == item_list_files::guessed) {}

  /// Appends the rows of a file. Returns false if it is empty.
  /// @return `malformed` if its form is unknown or not that of the first file or, if strict, for the first
  ///   bad row.
  result<bool> read(const std::filesystem::path& path);

  /// Sorts the pairs by time, drops repeated ones, and counts them.
  void finish();

  /// Refuses lines that were only guessed to be lists, because no separator is known in them. Called if there
  /// is no interaction on any.
  result<void> refuse_lists_without_items() const;

private:
  void begin_file(const interaction_form& form);
  result<void> read_row(csv_reader& row);
  void note_quoted_ids();
  void take_over_ids(std::size_t first_event);
  result<void> read_columns(csv_reader& row);
  result<bool> check_ids(csv_reader& row);
  result<void> refuse_field(csv_reader& row, std::size_t field, const char* wanted, const char* what);
  std::size_t offset_of(csv_reader& row, std::size_t field) const;
  const std::vector<std::string_view>& fields_in(csv_reader& row);
  result<void> read_item_list(csv_reader& row);
  result<void> expect_form_of_first(const csv_reader& file);
  std::optional<double> rating_of(std::string_view field) const;
  void take_pair(std::int64_t time);
  void take_list(std::int64_t time);
  void count_repeated(const std::vector<bool>& repeated);

  interaction_log& log_;
  const reading_options& options_;
  row_report& report_;
  const item_list_files lists_;
  item_list_check check_;
  interaction_form form_;
  std::optional<interaction_form> first_form_; ///< Of the first file with content.
  std::string first_source_;
  std::string form_source_;                  ///< The current file, for remarks.
  id_table users_, items_;                   ///< Of the current file, as they are written there.
  std::unordered_set<std::uint64_t> listed_; ///< Pairs of the current file, if its rows have lists.
  const std::vector<std::string_view>* fields_ = nullptr; ///< Of the current row.
  std::vector<std::string_view> split_fields_;            ///< The same of a row with double colons.
  std::vector<std::size_t> list_ends_;                    ///< By item list: where its events in the log end.
};

} // namespace winnow
