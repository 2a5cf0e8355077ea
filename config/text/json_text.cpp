#include "config/text/json_text.hpp"

#include "config/text/has_nul.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

/// Whether the text needs no escapes in a JSON string.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

} // namespace

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
  if (has_nul(text) || is_nested_too_deeply(text))
    return nlohmann::json::value_t::discarded;
  return nlohmann::json::parse(text, nullptr, throws);
}

void append_json_string(std::string& to, std::string_view text) {
  if (is_plain(text))
    to.append(1, '"').append(text).append(1, '"');
  else
    to += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_string(std::string_view text) {
  std::string all;
  append_json_string(all, text);
  return all;
}

} // namespace winnow
