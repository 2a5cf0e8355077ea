#include "models/files/csv_field.hpp"

#include "config/text/number_text.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/starts_with.hpp"

namespace winnow {

namespace {

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text)
    quoted.append(letter == '"' ? 2 : 1, letter);
  return quoted + "\"";
}

} // namespace

std::string csv_field(std::string_view text, char delimiter) {
  const bool is_safe = text.find_first_of("\"\r\n") == std::string_view::npos &&
                       text.find(delimiter) == std::string_view::npos;
  return is_safe ? std::string(text) : in_quotes(text);
}

std::string csv_id(std::string_view id, char delimiter) {
  const bool is_safe = trimmed(id).size() == id.size() && without_zero_fraction(id).size() == id.size();
  return is_safe ? csv_field(id, delimiter) : in_quotes(id);
}

bool is_index_name(std::string_view name) {
  constexpr std::string_view unnamed = "Unnamed: ";
  return name.empty() || starts_with(name, unnamed);
}

std::string quoted_field(std::string_view text, std::size_t longest) {
  auto quoted = quoted_text(text.substr(0, longest));
  if (text.size() > longest)
    quoted.insert(quoted.size() - 1, "…");
  return quoted;
}

} // namespace winnow
