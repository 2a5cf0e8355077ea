#include "models/training/interactions/form/item_list_check.hpp"

#include "config/text/ascii.hpp"
#include "models/files/csv_field.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t most_checked = 100;
constexpr std::size_t longest_shown = 80; // of a line, in messages

/// What was expected of the file, up to `got `.
constexpr const char* expected_lists =
    "expected a first line with the columns user_id and item_id, or lists (user item item …), got ";

/// Whether a word between blanks may be an id; if not, it is part of a message or a drawing.
bool may_be_id(std::string_view word) {
  const auto is_letter_or_digit = [](char c) {
    return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80;
  };
  constexpr std::string_view ends_of_phrases = "'.:!?";
  return std::any_of(word.begin(), word.end(), is_letter_or_digit) &&
         word.find_first_of("\"`()[]{}<>") == std::string_view::npos && word.front() != '\'' &&
         ends_of_phrases.find(word.back()) == std::string_view::npos;
}

tl::unexpected<error> refuse_line(const csv_reader& row, std::size_t offset, const std::string& why) {
  return row.refuse(fault::malformed, offset,
                    expected_lists + quoted_field(row.text(), longest_shown) + ": " + why);
}

result<void> check_separators(const csv_reader& row, std::size_t begin) {
  const auto line = row.text();
  for (const std::string_view mark : {"#", "%", "--"})
    if (line.substr(begin, mark.size()) == mark)
      return refuse_line(row, begin, "a list does not begin with " + quoted_field(mark));
  for (const std::string_view separator : {"\t", ",", ";", "|", "::"})
    if (const auto found = line.find(separator); found != std::string_view::npos)
      return refuse_line(row, found, "lists have blanks and no " + quoted_field(separator));
  for (const std::string_view separator : {"^", "~", "，"})
    if (const auto found = line.find(separator); found != std::string_view::npos)
      return refuse_line(row, found,
                         "lists have blanks and no " + quoted_field(separator) + "; " + known_separators);
  return {};
}

} // namespace

bool item_list_check::looks() const {
  return is_needed_ && checked_ < most_checked;
}

void item_list_check::begin_file(const std::string& source) {
  source_ = source;
  checked_ = 0;
  all_pairs_ = true;
  any_user_again_ = false;
  lone_words_.clear();
}

result<void> item_list_check::check_line(const csv_reader& row) {
  if (!looks())
    return {};
  const auto line = row.text();
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  if (auto separated = check_separators(row, begin); !separated)
    return separated;
  for (auto at = begin; at < line.size();) {
    const auto end = std::min(line.find(' ', at), line.size());
    if (const auto word = line.substr(at, end - at); !may_be_id(word))
      return refuse_line(row, at, quoted_field(word) + " is no id");
    at = std::min(line.find_first_not_of(' ', end), line.size());
  }
  if (first_list_.empty())
    first_list_ =
        row.refuse(fault::malformed, 0, expected_lists + quoted_field(line, longest_shown)).value().message;
  return {};
}

result<void> item_list_check::check_shape(const csv_reader& row, const list_shape& shape) {
  if (!looks())
    return {};
  ++checked_;
  all_pairs_ = all_pairs_ && shape.items == 1;
  any_user_again_ = any_user_again_ || !shape.is_new_user;
  lone_words_ = checked_ == 1 && shape.items > 0 && shape.are_words ? quoted_field(row.text()) : "";
  if (any_user_again_ && !all_pairs_)
    return refuse_line(row, 0, "a user has several lines, but not one item on each");
  return {};
}

result<void> item_list_check::end_file() const {
  if (lone_words_.empty())
    return {};
  return fail(fault::malformed,
              source_ + ": " + expected_lists + lone_words_ + ": a single line of words is no list");
}

result<void> item_list_check::refuse_without_items(const std::string& totals) const {
  if (first_list_.empty())
    return {};
  return fail(fault::malformed, first_list_ + ": no line has an item (" + totals + "); " + known_separators);
}

bool item_list_check::is_word(std::string_view id) {
  return id.size() > 1 && std::all_of(id.begin(), id.end(), is_letter);
}

} // namespace winnow
