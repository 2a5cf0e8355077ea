#include "actors/kafka/python_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace winnow {

namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

/// The parser's own escapes are those of Python but for the delete character, which Python escapes, too.
std::string escaped(const std::string& text) {
  constexpr bool ascii = true;
  auto quoted = nlohmann::json(text).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
  constexpr char delete_character = '\x7f';
  for (auto at = quoted.find(delete_character); at != std::string::npos;
       at = quoted.find(delete_character, at))
    quoted.replace(at, 1, "\\u007f");
  return quoted;
}

} // namespace

std::string python_json(gsl::span<const std::string> texts) {
  std::string list = "[";
  for (const auto& text : texts) {
    if (list.size() > 1)
      list += ", ";
    if (is_plain(text))
      list.append(1, '"').append(text).append(1, '"');
    else
      list += escaped(text);
  }
  return list += ']';
}

} // namespace winnow
