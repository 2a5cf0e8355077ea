// How the reader of CSV reads a record with quotes.

#include "models/files/csv_reader.hpp"

namespace winnow {

namespace {

/// Whether the file is the reason, not what the record looks like in a style.
bool cannot_be_read(const result<void>& read) {
  return !read && read.error().cause != fault::malformed && read.error().cause != fault::too_large;
}

} // namespace

/// Cuts the record back to its first line, so that a stray quote does not swallow the records after it.
void csv_reader::give_back_lines() {
  fields_.clear();
  offsets_.clear();
  const auto end = text().find(line_end_);
  if (end == std::string_view::npos)
    return;
  length_ = end > 0 && text()[end - 1] == '\r' ? end - 1 : end;
  taken_ = end + 1;
  lines_ = 1;
}

/// Reads the record in the style of the records before it, or in the other one if only that gives it as many
/// fields as the first record has. If neither does, by RFC 4180, if that is possible.
result<void> csv_reader::read_quoted() {
  const bool escaped = style_ == quote_style::backslash || begins_with_backslashes();
  const auto first = escaped ? quote_style::backslash : quote_style::doubled;
  auto read = read_quoted(first);
  if (takes_usual_record(read, first) || cannot_be_read(read) || text().find('\\') == std::string_view::npos)
    return read;
  give_back_lines();
  const auto other = escaped ? quote_style::doubled : quote_style::backslash;
  auto again = read_quoted(other);
  if (takes_usual_record(again, other) || cannot_be_read(again))
    return again;
  const auto& by_rfc = escaped ? again : read;
  const auto& by_backslash = escaped ? read : again;
  give_back_lines();
  return read_quoted(!by_rfc && by_backslash ? quote_style::backslash : quote_style::doubled);
}

/// Whether the record was read and has as many fields as the first one. Backslashes that made it so are then
/// expected in further records.
bool csv_reader::takes_usual_record(const result<void>& read, quote_style style) {
  const bool usual = read && (width_ == 0 || fields_.size() == width_);
  if (usual && width_ > 0 && style == quote_style::backslash)
    style_ = style;
  return usual;
}

result<void> csv_reader::read_quoted(quote_style style) {
  if (auto closed = append_quoted_lines(style); !closed)
    return closed;
  if (const auto flaw = split_quoted(text(), form_, style, unquoted_, fields_, offsets_))
    return refuse(fault::malformed, flaw->offset, flaw->what);
  return {};
}

/// Whether the first line has quotes that pair up only if backslashes escape some. By RFC 4180, the record
/// would take in the lines behind it.
bool csv_reader::begins_with_backslashes() const {
  open_quotes doubled(quote_style::doubled), backslash(quote_style::backslash);
  doubled.pass(text());
  backslash.pass(text());
  return doubled.any() && !backslash.any();
}

/// Adds lines until the quotes pair up: while one is open, a quoted field continues on the next line.
result<void> csv_reader::append_quoted_lines(quote_style style) {
  open_quotes open(style);
  std::size_t passed = 0;
  for (;;) {
    open.pass(text().substr(passed));
    if (!open.any())
      return {};
    passed = length_;
    const auto more = append_line();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return refuse(fault::malformed, text().rfind('"'), "this quote is never closed");
  }
}

} // namespace winnow
