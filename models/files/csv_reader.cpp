#include "models/files/csv_reader.hpp"

#include "models/files/foreign_format.hpp"

#include <algorithm>
#include <cstring>

namespace winnow {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

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

std::string_view without_blanks_behind(std::string_view field, bool trim) {
  while (trim && !field.empty() && is_blank(field.back()))
    field.remove_suffix(1);
  return field;
}

} // namespace

result<csv_reader> csv_reader::open(const std::filesystem::path& path, const csv_form& form) {
  auto file = text_file::open(path, form.gzip ? text_file::packing::gzip_too : text_file::packing::as_it_is);
  if (!file)
    return tl::unexpected(file.error());
  csv_reader reader(path.string(), std::move(*file), form);
  if (auto first = reader.fill(); !first)
    return tl::unexpected(first.error());
  if (const auto foreign = foreign_format({reader.buffer_.data(), reader.filled_}); !foreign.empty())
    return fail(fault::malformed,
                reader.name_ + ": expected a table as text (CSV), got " + std::string(foreign));
  if (reader.buffer_.compare(0, byte_order_mark.size(), byte_order_mark) == 0)
    reader.begin_ = byte_order_mark.size();
  return reader;
}

/// Moves the current record to the front of the buffer and reads more bytes after it. Returns false at the
/// end of the file.
result<bool> csv_reader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
  filled_ -= begin_;
  begin_ = 0;
  if (filled_ > max_record_bytes)
    return refuse(fault::too_large, 0,
                  "a record of more than " + std::to_string(max_record_bytes) + " bytes");
  if (buffer_.size() < filled_ + chunk_bytes)
    buffer_.resize(filled_ + chunk_bytes);
  const auto got = file_.read(buffer_.data() + filled_, buffer_.size() - filled_);
  if (!got)
    return tl::unexpected(got.error());
  filled_ += *got;
  return *got > 0;
}

/// Adds the next line to the record. Returns false if the file has no more lines.
result<bool> csv_reader::append_line() {
  const auto from = taken_;
  auto searched = from;
  for (;;) {
    const auto* start = buffer_.data() + begin_;
    const auto* found =
        static_cast<const char*>(std::memchr(start + searched, '\n', filled_ - begin_ - searched));
    if (found != nullptr) {
      length_ = static_cast<std::size_t>(found - start);
      taken_ = length_ + 1;
      break;
    }
    searched = filled_ - begin_;
    const auto more = fill();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more) {
      if (searched == from)
        return false;
      length_ = taken_ = searched;
      break;
    }
  }
  ++lines_;
  if (length_ > from && buffer_[begin_ + length_ - 1] == '\r')
    --length_;
  return true;
}

result<bool> csv_reader::next() {
  do {
    begin_ += taken_;
    line_ += lines_;
    length_ = taken_ = 0;
    lines_ = 0;
    if (line_ == 0)
      line_ = 1;
    auto more = append_line();
    if (!more || !*more)
      return more;
  } while (length_ == 0);
  fields_.clear();
  offsets_.clear();
  plain_ = !form_.quotes || std::memchr(text().data(), '"', length_) == nullptr;
  if (plain_)
    return true;
  auto read = append_quoted_lines();
  if (read)
    read = split_quoted();
  if (read)
    return true;
  give_back_lines();
  return tl::unexpected(read.error());
}

void csv_reader::reread(const csv_form& form) {
  form_ = form;
  length_ = taken_ = 0;
  lines_ = 0;
  fields_.clear();
  offsets_.clear();
}

/// Cuts the record back to its first line, so that a stray quote does not swallow the records after it.
void csv_reader::give_back_lines() {
  fields_.clear();
  offsets_.clear();
  const auto end = text().find('\n');
  if (end == std::string_view::npos)
    return;
  length_ = end;
  taken_ = end + 1;
  lines_ = 1;
}

/// Adds lines until the quotes pair up: an odd number of quotes means that a quoted field continues on the
/// next line.
result<void> csv_reader::append_quoted_lines() {
  auto open = false;
  std::size_t counted = 0;
  for (;;) {
    const auto added = text().substr(counted);
    open ^= std::count(added.begin(), added.end(), '"') % 2 != 0;
    if (!open)
      return {};
    counted = length_;
    const auto more = append_line();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return refuse(fault::malformed, text().rfind('"'), "this quote is never closed");
  }
}

/// Unquotes the field that begins with the quote at `at`. Returns the offset after its closing quote.
result<std::size_t> csv_reader::unquote(std::size_t at) {
  const auto record = text();
  const auto begin = unquoted_.size();
  auto i = at + 1;
  for (;; ++i) {
    if (record[i] == '"') {
      if (i + 1 == record.size() || record[i + 1] != '"')
        break;
      ++i;
    }
    unquoted_.push_back(record[i]);
  }
  i = after_blanks(i + 1);
  if (i < record.size() && record[i] != form_.delimiter && !(form_.delimiter == ' ' && record[i - 1] == ' '))
    return refuse(fault::malformed, i,
                  std::string("expected ") + name_of(form_.delimiter) +
                      " or the line's end after a closing quote");
  fields_.emplace_back(unquoted_.data() + begin, unquoted_.size() - begin);
  return i;
}

result<void> csv_reader::split_quoted() {
  const auto record = text();
  unquoted_.clear();
  // The fields point into it, so it must not reallocate. Nor may it be so short that it lies in the string
  // itself: the fields of a reader that is moved would point into the old one.
  constexpr std::size_t longer_than_any_string_holds_itself = 64;
  unquoted_.reserve(std::max(record.size(), longer_than_any_string_holds_itself));
  for (std::size_t at = 0;;) {
    at = after_blanks(at);
    if (form_.delimiter == ' ' && at == record.size())
      return {};
    offsets_.push_back(at);
    auto end = std::min(record.find(form_.delimiter, at), record.size());
    if (at < record.size() && record[at] == '"') {
      const auto behind = unquote(at);
      if (!behind)
        return tl::unexpected(behind.error());
      end = *behind;
    } else {
      const auto field = record.substr(at, end - at);
      if (const auto quote = field.find('"'); quote != std::string_view::npos)
        return refuse(fault::malformed, at + quote, "a quote inside an unquoted field");
      fields_.push_back(without_blanks_behind(field, form_.trim));
    }
    if (end == record.size())
      return {};
    at = end + (form_.delimiter == ' ' ? 0 : 1);
  }
}

/// The first place from `at` on without a blank, if blanks are not part of fields.
std::size_t csv_reader::after_blanks(std::size_t at) const {
  const auto record = text();
  while (form_.trim && at < record.size() && is_blank(record[at]) &&
         (record[at] == ' ' || form_.delimiter != '\t'))
    ++at;
  return at;
}

void csv_reader::split_plain() {
  const auto record = text();
  for (std::size_t at = 0; at <= record.size();) {
    at = after_blanks(at);
    if (form_.delimiter == ' ' && at == record.size() && !fields_.empty())
      return;
    const auto end = std::min(record.find(form_.delimiter, at), record.size());
    offsets_.push_back(at);
    fields_.push_back(without_blanks_behind(record.substr(at, end - at), form_.trim));
    at = end + 1;
  }
}

const std::vector<std::string_view>& csv_reader::fields() {
  if (fields_.empty())
    split_plain();
  return fields_;
}

std::size_t csv_reader::offset_of(std::size_t field) {
  return field < fields().size() ? offsets_[field] : length_;
}

tl::unexpected<error> csv_reader::refuse(fault cause, std::size_t offset, const std::string& message) const {
  const auto before = text().substr(0, offset);
  const auto line = line_ + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
  const auto column = before.size() - (before.rfind('\n') + 1) + 1; // npos + 1 is 0: the first line
  return fail(cause, name_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message);
}

result<std::size_t> count_lines(const std::filesystem::path& path) {
  auto file = input_file::open(path);
  if (!file)
    return tl::unexpected(file.error());
  std::string chunk(chunk_bytes / 4, '\0'); // still in the L2 cache when it is counted
  std::size_t lines = 1;                    // the last line may lack a line end
  for (;;) {
    const auto got = file->read(chunk.data(), chunk.size());
    if (!got)
      return tl::unexpected(got.error());
    if (*got == 0)
      return lines;
    lines += static_cast<std::size_t>(
        std::count(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*got), '\n'));
  }
}

} // namespace winnow
