#include "config/text/json_text.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

bool is_nested_too_deeply(std::string_view text) noexcept {
  std::size_t levels = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      quoted = !quoted;
    else if (quoted && c == '\\')
      ++i;
    else if (!quoted && (c == '[' || c == '{') && ++levels > most_json_levels)
      return true;
    else if (!quoted && (c == ']' || c == '}') && levels > 0)
      --levels;
  }
  return false;
}

nlohmann::json parse_json(std::string_view text) {
  constexpr bool throws = false;
  if (is_nested_too_deeply(text))
    return nlohmann::json::value_t::discarded;
  return nlohmann::json::parse(text, nullptr, throws);
}

} // namespace winnow
