#pragma once

#include "models/training/interactions/interaction_form.hpp"
#include "models/training/interactions/interaction_reader.hpp"

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
      : log_(log), options_(options), report_(report), lists_(lists) {}

  /// Appends the rows of a file. Returns false if it is empty.
  /// @return `malformed` if its form is unknown or not that of the first file or, if strict, for the first
  ///   bad row.
  result<bool> read(const std::filesystem::path& path);

  /// Sorts the pairs by time and drops repeated ones.
  void finish();

  /// Refuses lines that were only guessed to be lists, because no separator is known in them. Called if there
  /// is no interaction on any.
  result<void> refuse_lists_without_items() const;

private:
  result<void> read_all(csv_reader& file);
  result<void> read_row(csv_reader& row);
  void take_over_ids(std::size_t first_event);
  result<void> read_columns(csv_reader& row);
  result<void> read_item_list(csv_reader& row);
  result<void> expect_form_of_first(const csv_reader& file);
  void note_header_above_places();
  void note_missing_ratings();
  void note_rival_columns(csv_reader& file);
  result<void> refuse_control_characters(csv_reader& row, std::size_t offset, std::string_view id);
  result<void> check_lists(const csv_reader& row, bool is_new_user, std::size_t items, bool are_words);
  result<void> refuse_lone_words() const;
  void take_list(const std::vector<std::string_view>& fields, std::int64_t time);
  void split_double_colon(std::string_view text);
  void order_ties_by_item();
  void drop_duplicates();

  interaction_log& log_;
  const reading_options& options_;
  row_report& report_;
  const item_list_files lists_;
  interaction_form form_;
  std::optional<interaction_form> first_form_; ///< Of the first file with content.
  std::string first_source_;
  std::string form_source_;                  ///< The current file, for remarks.
  id_table users_, items_;                   ///< Of the current file, as they are written there.
  std::unordered_set<std::uint64_t> listed_; ///< Pairs of the current file, if its rows have lists.
  std::vector<std::string_view> fields_;     ///< Of the current row with double colons.
  std::size_t checked_lists_ = 0;            ///< Of the current file.
  bool all_pairs_ = true;                    ///< Whether these lists have one item each.
  bool any_user_again_ = false;              ///< Whether a user has several of these lists.
  std::string first_list_;                   ///< `FILE:LINE: …, got "…"`, of the first file with lists.
  std::string lone_words_;                   ///< The file's only list, for messages, if it reads as text.
};

} // namespace winnow
