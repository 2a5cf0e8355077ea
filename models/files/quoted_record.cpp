#include "models/files/quoted_record.hpp"

#include <algorithm>

namespace winnow {

namespace {

const char* name_of(char delimiter) {
  switch (delimiter) {
  case ',':
    return "a comma";
  case ';':
    return "a semicolon";
  case '\t':
    return "a tab";
  case ' ':
    return "a blank";
  default:
    return "a delimiter";
  }
}

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t';
}

/// Appends the text of the field that begins with the quote at `at`. Returns the offset behind its closing
/// quote, or npos if it is never closed.
std::size_t unquote(std::string_view record, std::size_t at, quote_style style, std::string& unquoted) {
  for (auto i = at + 1; i < record.size(); ++i) {
    const char next = i + 1 < record.size() ? record[i + 1] : '\0';
    const bool escapes =
        style == quote_style::backslash && record[i] == '\\' && (next == '"' || next == '\\');
    if (record[i] == '"' && next != '"')
      return i + 1;
    if (escapes || record[i] == '"')
      ++i;
    unquoted.push_back(record[i]);
  }
  return std::string_view::npos;
}

} // namespace

void open_quotes::pass(std::string_view text) {
  if (style_ == quote_style::doubled) { // each half of a doubled one counts
    open_ ^= std::count(text.begin(), text.end(), '"') % 2 != 0;
    return;
  }
  for (const char letter : text) {
    if (escaped_ && (letter == '"' || letter == '\\')) {
      escaped_ = false;
      continue;
    }
    escaped_ = open_ && letter == '\\';
    open_ ^= letter == '"';
  }
}

std::size_t after_blanks(std::string_view record, std::size_t at, const csv_form& form) {
  while (form.trim && at < record.size() && is_blank(record[at]) &&
         (record[at] == ' ' || form.delimiter != '\t'))
    ++at;
  return at;
}

std::string_view without_blanks_behind(std::string_view field, const csv_form& form) {
  while (form.trim && !field.empty() && is_blank(field.back()))
    field.remove_suffix(1);
  return field;
}

std::optional<record_flaw> split_quoted(std::string_view record, const csv_form& form, quote_style style,
                                        std::string& unquoted, std::vector<std::string_view>& fields,
                                        std::vector<std::size_t>& offsets) {
  fields.clear();
  offsets.clear();
  unquoted.clear();
  // The fields point into it, so it must not reallocate. Nor may it be so short that it lies in the string
  // itself: the fields of a reader that is moved would point into the old one.
  constexpr std::size_t longer_than_any_string_holds_itself = 64;
  unquoted.reserve(std::max(record.size(), longer_than_any_string_holds_itself));
  for (std::size_t at = 0;;) {
    at = after_blanks(record, at, form);
    if (form.delimiter == ' ' && at == record.size())
      return std::nullopt;
    offsets.push_back(at);
    auto end = std::min(record.find(form.delimiter, at), record.size());
    if (at < record.size() && record[at] == '"') {
      const auto begin = unquoted.size();
      const auto closed = unquote(record, at, style, unquoted);
      if (closed == std::string_view::npos)
        return record_flaw{at, "this quote is never closed"};
      end = after_blanks(record, closed, form);
      if (end < record.size() && record[end] != form.delimiter &&
          !(form.delimiter == ' ' && record[end - 1] == ' '))
        return record_flaw{end, std::string("expected ") + name_of(form.delimiter) +
                                    " or the line's end after a closing quote"};
      fields.emplace_back(unquoted.data() + begin, unquoted.size() - begin);
    } else {
      const auto field = record.substr(at, end - at);
      if (const auto quote = field.find('"'); quote != std::string_view::npos)
        return record_flaw{at + quote, "a quote inside an unquoted field"};
      fields.push_back(without_blanks_behind(field, form));
    }
    if (end == record.size())
      return std::nullopt;
    at = end + (form.delimiter == ' ' ? 0 : 1);
  }
}

} // namespace winnow
