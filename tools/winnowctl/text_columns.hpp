#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text for a terminal: columns that line up, and nothing in it that the terminal would take for a command.
namespace winnow {

/// How many columns a UTF-8 text takes; every character counts as one.
std::size_t columns_of(std::string_view text);

/// At most so many columns of the text, with `…` at the end where something was cut off.
std::string clipped(std::string_view text, std::size_t columns);

/// Control characters become `?`: names and reasons come from elsewhere.
std::string harmless(std::string_view text);

/// `850us`, `1.2ms`, `3.4s`, `2m05s`, `3h12m`, `4d03h`.
std::string duration_text(double microseconds);

/// A table whose columns are as wide as what is in them; the first and the last are flush left, the others
/// flush right.
class text_table {
public:
  using row = std::vector<std::string>;

  explicit text_table(row head) : rows_{std::move(head)} {}
  void add(row cells) { rows_.push_back(std::move(cells)); }

  /// The head first.
  std::vector<std::string> lines() const;

private:
  std::vector<row> rows_;
};

} // namespace winnow
