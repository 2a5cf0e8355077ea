#pragma once

#include "config/error.hpp"
#include "models/files/text_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// How the fields of a file are told apart.
struct csv_form {
  char delimiter = ',';
  bool quotes = true; ///< Whether a quote has a meaning, or is a character like others.
  bool gzip = false;  ///< Whether the file may be packed with gzip.
};

/// Reads a CSV file record by record (RFC 4180: quoted fields may hold commas, quotes and line breaks). Takes
/// LF and CRLF, a UTF-8 byte order mark, a last line without an end, and passes over blank lines. Holds one
/// chunk of the file and the current record, never the file. Blocking; one thread at a time.
class csv_reader {
public:
  static constexpr std::size_t max_record_bytes = std::size_t{16} << 20U;

  /// Opens the file; the first `next` gives the header, if it has one.
  static result<csv_reader> open(const std::filesystem::path& path, const csv_form& form = {});

  /// Steps to the next record; false after the last. Views of the record before become invalid.
  /// @return `malformed` for a quote that is not closed or stands inside a field, `too_large` for a record
  ///   over `max_record_bytes`; both with file, line and column. After the former, the next step goes on with
  ///   the line after the one that the bad record begins in.
  result<bool> next();

  /// The fields of the record, unquoted.
  const std::vector<std::string_view>& fields();

  /// The record as it stands in the file, without its line end.
  std::string_view text() const { return {buffer_.data() + begin_, length_}; }

  /// Whether the record has no quote at all, so that `text()` can be split at its delimiters.
  bool plain() const { return plain_; }

  /// The line that the record begins in, from 1.
  std::uint64_t line() const { return line_; }

  /// The file's size on the disk in bytes when it was opened.
  std::uint64_t file_size() const { return file_.size(); }

  /// The offset in `text()` at which a field begins; the text's end for an index past the last field.
  std::size_t offset_of(std::size_t field);

  /// The failure `file:line:column: message`; column and line (from 1) are those of an offset in `text()`.
  tl::unexpected<error> refuse(fault cause, std::size_t offset, const std::string& message) const;

private:
  csv_reader(std::string name, text_file file, const csv_form& form)
      : name_(std::move(name)), file_(std::move(file)), form_(form) {}

  result<bool> fill();
  result<bool> append_line();
  result<void> append_quoted_lines();
  result<void> split_quoted();
  void give_back_lines();
  result<std::size_t> unquote(std::size_t at);
  void split_plain();

  std::string name_;
  text_file file_;
  csv_form form_;
  std::string buffer_;
  std::size_t filled_ = 0; // the buffer's bytes that came from the file
  std::size_t begin_ = 0;  // of the record, in the buffer
  std::size_t length_ = 0; // of the record, without its line end
  std::size_t taken_ = 0;  // of the record, with its line end
  std::uint64_t line_ = 0;
  std::uint64_t lines_ = 0; // lines that the record takes
  bool plain_ = true;
  std::vector<std::string_view> fields_; // of a plain record only once asked for
  std::vector<std::size_t> offsets_;     // of the fields in the text
  std::string unquoted_;
};

/// How many lines a file has: an upper bound of its records. Reads it once, at the speed of memory if it is
/// cached.
result<std::size_t> count_lines(const std::filesystem::path& path);

} // namespace winnow
