#pragma once

#include "config/error.hpp"
#include "models/files/csv_form.hpp"
#include "models/files/quoted_record.hpp"
#include "models/files/text_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Reads a CSV file record by record (RFC 4180: quoted fields may hold commas, quotes and line breaks). A
/// record with backslashes that makes no sense by RFC 4180, or has not as many fields as the first one, is
/// read as Spark writes it, with `\"` for a quote; then so are further ones, if they make sense. Accepts LF
/// and CRLF, or CR alone on all lines, a UTF-8 byte order mark and a last line without a line end; skips
/// blank lines. A first line such as `sep=;` is no record: it names the delimiter, whatever the form says.
/// Holds one chunk of the file and the current record in memory, never the whole file. Blocking; one thread
/// at a time.
class csv_reader {
public:
  static constexpr std::size_t max_record_bytes = std::size_t{16} << 20U;

  /// Opens the file. The first `next` reads the header, if there is one.
  /// @return `malformed` if the file is no text: the message names its format, if that is known. `io_error`
  ///   if gzip data is damaged, `unsupported` as `next`.
  static result<csv_reader> open(const std::filesystem::path& path, const csv_form& form = {});

  /// Moves to the next record and invalidates views of the previous one. Returns false after the last record.
  /// @return `malformed` if a quote is not closed or is inside an unquoted field, `too_large` if a record is
  ///   longer than `max_record_bytes`; the message names file, line and column. After `malformed`, the next
  ///   call continues with the line after the one on which the bad record begins. All others are final:
  ///   `unsupported` if a byte of this record or of one soon after it is a zero or not UTF-8, `io_error` if
  ///   gzip data is damaged.
  result<bool> next();

  /// Makes the next `next` read the current record once more, in another dialect. Invalidates views of it.
  void reread(const csv_form& form);

  /// The lines after the current record that are not empty, at most `most`, until one that is longer than a
  /// megabyte. Reads them ahead if need be, also from a pipe. Invalidates views; `reread` and `next` must
  /// follow. @return An error as of `next`.
  result<std::vector<std::string>> following_lines(std::size_t most);

  /// The fields of the record, unquoted. If the delimiter is a blank, several count as one.
  const std::vector<std::string_view>& fields();

  /// Whether the field stands in quotes.
  bool is_quoted(std::size_t field);

  /// The record as it is in the file, without its line end.
  std::string_view text() const { return {buffer_.data() + begin_, length_}; }

  /// Whether the record has no quotes (or quotes have no meaning), so that `text()` can be split at each
  /// delimiter.
  bool plain() const { return plain_; }

  /// The delimiter that the file's first line names; nullopt if there is no such line.
  std::optional<char> named_separator() const { return separator_; }

  /// What separates the fields.
  char delimiter() const { return form_.delimiter; }

  /// The character that ends the file's lines: `\n`, or `\r` if they end with that alone.
  char line_end() const { return line_end_; }

  /// Whether the text so far, and a little behind it, has control characters besides tabs and line ends. If
  /// not, nobody needs to look for them in a field.
  bool has_controls() const { return has_controls_; }

  /// The line on which the record begins, counted from 1.
  std::uint64_t line() const { return line_; }

  /// The file's size on disk in bytes when it was opened.
  std::uint64_t file_size() const { return file_.size(); }

  /// The offset in `text()` at which a field begins; the end of the text if there is no such field.
  std::size_t offset_of(std::size_t field);

  /// Returns the error `file:line:column: message`; line and column (from 1) are those of `offset` in
  /// `text()`.
  tl::unexpected<error> refuse(fault cause, std::size_t offset, const std::string& message) const;

private:
  csv_reader(std::string name, text_file file, const csv_form& form)
      : name_(std::move(name)), file_(std::move(file)), form_(form) {}

  void look_at_first_lines();
  void use(const csv_form& form);
  result<bool> read_chunk();
  result<bool> fill();
  result<void> check_text();
  result<bool> append_line();
  result<void> read_quoted();
  result<void> read_quoted(quote_style style);
  bool takes_usual_record(const result<void>& read, quote_style style);
  bool begins_with_backslashes() const;
  result<void> append_quoted_lines(quote_style style);
  void give_back_lines();
  void split_plain();

  std::string name_;
  text_file file_;
  csv_form form_;
  std::optional<char> separator_; // named by the file
  char line_end_ = '\n';
  std::string buffer_;
  std::size_t filled_ = 0;  // bytes of the buffer that hold file content
  std::size_t checked_ = 0; // bytes of the buffer that are known to be text
  bool is_whole_ = false;   // whether the file has no more bytes
  bool has_controls_ = false;
  std::size_t begin_ = 0;  // where the record begins in the buffer
  std::size_t length_ = 0; // of the record, without its line end
  std::size_t taken_ = 0;  // of the record, with its line end
  std::uint64_t line_ = 0;
  std::uint64_t lines_ = 0; // lines that the record spans
  bool plain_ = true;
  quote_style style_ = quote_style::doubled;
  std::size_t width_ = 0;                // number of fields of the first record; 0: not read yet
  std::vector<std::string_view> fields_; // for a plain record, filled on the first call of `fields`
  std::vector<std::size_t> offsets_;     // of the fields in `text()`
  std::string unquoted_;
};

/// Returns the number of lines of a file, an upper bound of its records. @param line_end As `csv_reader`
/// found it. Reads the whole file once, at memory speed if it is in the page cache.
result<std::size_t> count_lines(const std::filesystem::path& path, char line_end);

} // namespace winnow
