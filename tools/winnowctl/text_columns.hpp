#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text for a terminal: aligned columns, without control characters.
namespace winnow {

/// Returns the number of columns of a UTF-8 text. Every character counts as one.
std::size_t columns_of(std::string_view text);

/// Returns at most `columns` columns of the text, with `…` at the end if it was truncated.
std::string clipped(std::string_view text, std::size_t columns);

/// Replaces control characters, and those that change the direction of text, by `?`. For names and reasons,
/// which come from outside.
std::string harmless(std::string_view text);

/// Formats a duration: `850us`, `1.2ms`, `3.4s`, `2m05s`, `3h12m`, `4d03h`.
std::string duration_text(double microseconds);

/// Formats a Unix time in seconds as local time, as strftime does.
std::string local_time(double unix_time, const char* format);

/// A table whose columns are as wide as their widest cells. The first and last column are left-aligned, all
/// others right-aligned.
class text_table {
public:
  using row = std::vector<std::string>;

  explicit text_table(row head) : rows_{std::move(head)} {}
  void add(row cells) { rows_.push_back(std::move(cells)); }

  /// Returns all lines, starting with the head.
  std::vector<std::string> lines() const;

private:
  std::vector<row> rows_;
};

} // namespace winnow
