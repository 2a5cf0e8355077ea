#include "models/files/csv_field.hpp"

#include "config/text/quoted_text.hpp"

namespace winnow {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text)
    quoted.append(letter == '"' ? 2 : 1, letter);
  return quoted + "\"";
}

bool is_index_name(std::string_view name) {
  constexpr std::string_view unnamed = "Unnamed: ";
  return name.empty() || name.substr(0, unnamed.size()) == unnamed;
}

std::string quoted_field(std::string_view text, std::size_t longest) {
  auto quoted = quoted_text(text.substr(0, longest));
  if (text.size() > longest)
    quoted.insert(quoted.size() - 1, "…");
  return quoted;
}

} // namespace winnow
