#include "models/files/first_lines.hpp"

#include "config/text/ascii.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::string_view separators = ",;\t| :^~";

} // namespace

char line_end_of(std::string_view beginning) {
  const auto first = std::min(beginning.find_first_of("\r\n"), beginning.size());
  // At the end, the rest of `\r\n` may be unknown; a single line reads the same either way.
  if (first + 1 >= beginning.size() || beginning[first] == '\n' || beginning[first + 1] == '\n')
    return '\n';
  // A stray `\r` ends no line, nor does the `\n` of a cell with several lines.
  bool quoted = false;
  for (const char letter : beginning) {
    quoted ^= letter == '"';
    if (letter == '\n' && !quoted)
      return '\n';
  }
  return '\r';
}

std::optional<char> separator_named_by(std::string_view line) {
  if (line.size() > 2 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  constexpr std::string_view name = "sep=";
  if (!equal_ignoring_case(line.substr(0, name.size()), name))
    return std::nullopt;
  const auto separator = line.substr(name.size());
  if (separator == "\\t")
    return '\t';
  if (separator.size() != 1 || separators.find(separator.front()) == std::string_view::npos)
    return std::nullopt;
  return separator.front();
}

} // namespace winnow
