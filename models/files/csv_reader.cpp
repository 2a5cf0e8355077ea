#include "models/files/csv_reader.hpp"

#include "config/text/byte_order_mark.hpp"
#include "config/text/quoted_text.hpp"
#include "models/files/first_lines.hpp"
#include "models/files/foreign_format.hpp"
#include "models/files/text_bytes.hpp"

#include <algorithm>
#include <cstring>

namespace winnow {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;

} // namespace

result<csv_reader> csv_reader::open(const std::filesystem::path& path, const csv_form& form) {
  auto file = text_file::open(path, form.gzip ? text_file::packing::gzip_too : text_file::packing::as_it_is);
  if (!file)
    return tl::unexpected(file.error());
  csv_reader reader(path.string(), std::move(*file), form);
  if (auto first = reader.read_chunk(); !first)
    return tl::unexpected(first.error());
  if (const auto foreign = foreign_format({reader.buffer_.data(), reader.filled_}); !foreign.empty())
    return fail(fault::malformed,
                reader.name_ + ": expected a table as text (CSV), got " + std::string(foreign));
  reader.look_at_first_lines();
  if (auto text = reader.check_text(); !text)
    return tl::unexpected(text.error());
  return reader;
}

/// Finds out how lines end, and takes a first line that names the separator as if it were a record.
void csv_reader::look_at_first_lines() {
  begin_ = buffer_.size() - without_byte_order_mark(buffer_).size();
  const std::string_view beginning(buffer_.data() + begin_, filled_ - begin_);
  line_end_ = line_end_of(beginning);
  const auto end = std::min(beginning.find(line_end_), beginning.size());
  const auto line = beginning.substr(0, end);
  separator_ = separator_named_by(line.substr(0, line.find('\r')));
  if (!separator_)
    return;
  use(form_);
  taken_ = std::min(end + 1, beginning.size());
  line_ = lines_ = 1;
}

/// Reads further records in this dialect, but for a separator that the file itself names.
void csv_reader::use(const csv_form& form) {
  form_ = form;
  if (separator_ && form.delimiter != '\n') // no separator at all
    form_.delimiter = *separator_;
}

/// Moves the current record to the front of the buffer and reads more bytes after it. Returns false at the
/// end of the file.
result<bool> csv_reader::read_chunk() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
  filled_ -= begin_;
  checked_ -= std::min(checked_, begin_);
  begin_ = 0;
  if (filled_ > max_record_bytes)
    return refuse(fault::too_large, 0,
                  "a record of more than " + std::to_string(max_record_bytes) + " bytes");
  if (buffer_.size() < filled_ + chunk_bytes)
    buffer_.resize(filled_ + chunk_bytes);
  const auto got = file_.read(buffer_.data() + filled_, buffer_.size() - filled_);
  if (!got) // never `malformed`, which would pass for a bad record
    return fail(got.error().cause == fault::malformed ? fault::io_error : got.error().cause,
                got.error().message);
  filled_ += *got;
  is_whole_ = *got == 0;
  return *got > 0;
}

/// Reads more bytes after the current record, and checks them.
result<bool> csv_reader::fill() {
  auto more = read_chunk();
  if (!more)
    return more;
  if (auto text = check_text(); !text)
    return tl::unexpected(text.error());
  return more;
}

/// Refuses bytes that are no text. A letter that a chunk cuts in two is looked at again with the next one.
result<void> csv_reader::check_text() {
  const auto seen = look_at_bytes({buffer_.data() + checked_, filled_ - checked_});
  checked_ += seen.good;
  has_controls_ = has_controls_ || seen.has_controls;
  if (checked_ == filled_ || (seen.is_cut_off && !is_whole_))
    return {};
  const std::string_view before(buffer_.data() + begin_, checked_ - begin_);
  const auto lines = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), line_end_));
  const auto column = before.size() - (before.rfind(line_end_) + 1) + 1; // npos + 1 is 0: the first line
  return fail(fault::unsupported, name_ + ":" + std::to_string(std::max<std::uint64_t>(line_, 1) + lines) +
                                      ":" + std::to_string(column) +
                                      ": expected text in UTF-8, got the byte " +
                                      quoted_text({buffer_.data() + checked_, 1}));
}

/// Adds the next line to the record. Returns false if the file has no more lines.
result<bool> csv_reader::append_line() {
  const auto from = taken_;
  auto searched = from;
  for (;;) {
    const auto* start = buffer_.data() + begin_;
    const auto* found =
        static_cast<const char*>(std::memchr(start + searched, line_end_, filled_ - begin_ - searched));
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
  if (plain_) {
    width_ = width_ == 0 ? fields().size() : width_;
    return true;
  }
  if (auto read = read_quoted(); !read) {
    give_back_lines();
    return tl::unexpected(read.error());
  }
  width_ = width_ == 0 ? fields_.size() : width_;
  return true;
}

result<std::vector<std::string>> csv_reader::following_lines(std::size_t most) {
  std::vector<std::string> lines;
  auto at = taken_; // relative to the record, as its place in the buffer changes
  while (lines.size() < most) {
    const std::string_view ahead(buffer_.data() + begin_ + at, filled_ - begin_ - at);
    const auto end = ahead.find(line_end_);
    if (at > chunk_bytes || std::min(end, ahead.size()) > chunk_bytes)
      break; // far more than anybody needs, and the buffer must not grow without end
    if (end == std::string_view::npos && !is_whole_) {
      if (const auto more = fill(); !more)
        return tl::unexpected(more.error());
      continue;
    }
    auto line = ahead.substr(0, end);
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    if (!line.empty())
      lines.emplace_back(line);
    if (end == std::string_view::npos)
      break;
    at += end + 1;
  }
  return lines;
}

void csv_reader::reread(const csv_form& form) {
  use(form);
  width_ = 0;
  style_ = quote_style::doubled;
  length_ = taken_ = 0;
  lines_ = 0;
  fields_.clear();
  offsets_.clear();
}

void csv_reader::split_plain() {
  const auto record = text();
  for (std::size_t at = 0; at <= record.size();) {
    at = after_blanks(record, at, form_);
    if (form_.delimiter == ' ' && at == record.size() && !fields_.empty())
      return;
    const auto end = std::min(record.find(form_.delimiter, at), record.size());
    offsets_.push_back(at);
    fields_.push_back(without_blanks_behind(record.substr(at, end - at), form_));
    at = end + 1;
  }
}

const std::vector<std::string_view>& csv_reader::fields() {
  if (fields_.empty())
    split_plain();
  return fields_;
}

bool csv_reader::is_quoted(std::size_t field) {
  if (plain_)
    return false;
  const auto at = offset_of(field);
  return at < length_ && text()[at] == '"';
}

std::size_t csv_reader::offset_of(std::size_t field) {
  return field < fields().size() ? offsets_[field] : length_;
}

tl::unexpected<error> csv_reader::refuse(fault cause, std::size_t offset, const std::string& message) const {
  const auto before = text().substr(0, offset);
  const auto line = line_ + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), line_end_));
  const auto column = before.size() - (before.rfind(line_end_) + 1) + 1; // npos + 1 is 0: the first line
  return fail(cause, name_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message);
}

result<std::size_t> count_lines(const std::filesystem::path& path, char line_end) {
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
        std::count(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*got), line_end));
  }
}

} // namespace winnow
