#pragma once

#include "models/files/csv_reader.hpp"

#include <cstddef>
#include <string>

namespace winnow {

/// What may separate columns, for messages.
inline constexpr const char* known_separators = "columns are separated by a comma, semicolon, tab, bar, "
                                                "blank or ::, or by what a first line such as sep=^ "
                                                "names";

/// Tells lists (`user item item …`) from messages of failed exports and from tables whose separator is
/// unknown, which would otherwise be taken for lists. Looks at the first lines of each file.
class item_list_check {
public:
  /// @param is_needed Whether the files were only guessed to be lists. If not, nothing is refused.
  explicit item_list_check(bool is_needed) : is_needed_(is_needed) {}

  /// What a line has, if it is a list.
  struct list_shape {
    bool is_new_user = false;
    bool are_words = true; ///< Whether all items are words of letters, such as those of a message.
    std::size_t items = 0;
  };

  /// Begins with the next file. @param source Its name, for messages.
  void begin_file(const std::string& source);

  /// Refuses a line that has other characters than ids: messages and tables below a title are no lists. Lines
  /// begin with an id (not with `#`, `%` or `--`) and have no tab, comma, also of full width, semicolon, bar,
  /// caret, tilde or `::`. An id has a letter or digit, has no double or back quote and no bracket, does not
  /// begin or end with `'`, and does not end with `.`, `:`, `!` or `?`.
  /// @return `malformed` that names the line and the reason.
  result<void> check_line(const csv_reader& row);

  /// Refuses several lists of a user: they are rows of a table without a header, or text. Pairs mean the same
  /// as a table and as lists. Called after `check_line` for lines that are not empty.
  result<void> check_shape(const csv_reader& row, const list_shape& shape);

  /// Refuses a file that has nothing but a line of words. Without digits, it is a message.
  result<void> end_file() const;

  /// Refuses files without an item on any line: no separator is known in them.
  /// @param totals What was read, for the message.
  result<void> refuse_without_items(const std::string& totals) const;

  /// Whether an id is a word of letters, such as those of `404 page not found`.
  static bool is_word(std::string_view id);

private:
  bool looks() const;

  const bool is_needed_;
  std::string source_;          ///< The current file.
  std::size_t checked_ = 0;     ///< Lists of the current file.
  bool all_pairs_ = true;       ///< Whether these lists have one item each.
  bool any_user_again_ = false; ///< Whether a user has several of these lists.
  std::string lone_words_;      ///< The file's only list, for messages, if it reads as text.
  std::string first_list_;      ///< `FILE:LINE: …, got "…"`, of the first file with lists.
};

} // namespace winnow
