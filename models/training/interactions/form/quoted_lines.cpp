#include "models/training/interactions/form/quoted_lines.hpp"

#include "config/text/number_text.hpp"
#include "config/text/trimmed.hpp"
#include "config/text/unix_time.hpp"
#include "models/files/missing_mark.hpp"
#include "models/training/interactions/form/interaction_form.hpp"

namespace winnow {

namespace {

constexpr std::size_t lines_looked_at = 20; // after the first one

/// How many fields of a line have which form. The others are numbers, times or missing.
struct field_counts {
  std::size_t all = 0, quoted = 0, plain_texts = 0;
};

bool is_text(std::string_view field) {
  return !field.empty() && !parse_decimal(field) && !parse_unix_time(field) && !is_missing_mark(field);
}

field_counts count_fields(std::string_view line, std::string_view delimiter) {
  field_counts counts;
  for (const auto part : split_at(line, delimiter)) {
    const auto field = trimmed(part);
    ++counts.all;
    if (is_quoted_whole(field))
      ++counts.quoted;
    else if (is_text(field))
      ++counts.plain_texts;
  }
  return counts;
}

} // namespace

bool is_quoted_whole(std::string_view field) {
  if (field.size() < 2 || field.front() != '"' || field.back() != '"')
    return false;
  const auto inside = field.substr(1, field.size() - 2);
  for (auto at = inside.find('"'); at != std::string_view::npos; at = inside.find('"', at)) {
    const bool is_doubled = inside.substr(at, 2) == "\"\"";
    const bool is_escaped = at > 0 && inside[at - 1] == '\\'; // as R writes it
    if (!is_doubled && !is_escaped)
      return false;
    at += is_doubled ? 2 : 1;
  }
  return true;
}

result<bool> are_fields_quoted(csv_reader& file, const std::string& first, std::string_view delimiter) {
  if (first.find(delimiter) == std::string::npos)
    return false;
  const auto following = file.following_lines(lines_looked_at);
  if (!following)
    return tl::unexpected(following.error());
  const auto counts = count_fields(first, delimiter);
  if (counts.quoted == counts.all)
    return true;
  bool any = counts.quoted > 0;
  if (any && counts.plain_texts > 0)
    return false;
  for (const auto& line : *following) {
    const auto of_line = count_fields(line, delimiter);
    if (of_line.plain_texts > 0)
      return false;
    any = any || of_line.quoted > 0;
  }
  return any;
}

} // namespace winnow
