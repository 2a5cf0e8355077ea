#include "config/text/json_text.hpp"

#include "config/text/has_nul.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace winnow {

namespace {

constexpr int number_overflow = 406; // the id of nlohmann's exception
constexpr const char* too_large = "a number beyond 1.8e308";

/// Whether the text needs no escapes in a JSON string.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

/// Passes what is not quoted in a JSON text to `take`, character by character, as long as that returns true.
template<class Take>
void for_each_unquoted(std::string_view text, Take take) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      quoted = !quoted;
    else if (quoted && c == '\\')
      ++i;
    else if (!quoted && !take(c))
      return;
  }
}

/// How many members the objects of a JSON text have: each has one colon that is not quoted.
std::size_t members_in(std::string_view text) {
  std::size_t colons = 0;
  for_each_unquoted(text, [&colons](char c) {
    colons += c == ':' ? 1 : 0;
    return true;
  });
  return colons;
}

/// The same of a value.
std::size_t members_in(const nlohmann::json& value) {
  std::size_t members = value.is_object() ? value.size() : 0;
  if (value.is_structured())
    for (const auto& part : value)
      members += members_in(part);
  return members;
}

} // namespace

bool is_nested_too_deeply(std::string_view text) noexcept {
  std::size_t levels = 0;
  for_each_unquoted(text, [&levels](char c) {
    if (c == '[' || c == '{')
      ++levels;
    else if ((c == ']' || c == '}') && levels > 0)
      --levels;
    return levels <= most_json_levels;
  });
  return levels > most_json_levels;
}

nlohmann::json parse_json(std::string_view text) {
  constexpr bool throws = false;
  if (has_nul(text) || is_nested_too_deeply(text))
    return nlohmann::json::value_t::discarded;
  return nlohmann::json::parse(text, nullptr, throws);
}

std::string json_defect(std::string_view text) {
  if (is_nested_too_deeply(text))
    return "more than " + std::to_string(most_json_levels) + " levels";
  try {
    const auto parsed = nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& wrong) {
    if (wrong.id == number_overflow)
      return too_large;
  }
  return "text that is no JSON";
}

std::string json_failure(std::size_t position, int exception_id) {
  const std::string what = exception_id == number_overflow ? too_large : "not JSON";
  return what + " at byte " + std::to_string(position);
}

std::optional<std::string> lost_member(std::string_view text, const nlohmann::json& parsed) {
  using event_kind = nlohmann::json::parse_event_t;
  if (members_in(text) == members_in(parsed))
    return std::nullopt;
  std::vector<std::set<std::string>> open; // the members so far of the objects that have not ended
  std::optional<std::string> twice;
  const auto watch = [&](int, event_kind event, const nlohmann::json& value) {
    if (event == event_kind::object_start)
      open.emplace_back();
    else if (event == event_kind::object_end)
      open.pop_back();
    else if (event == event_kind::key && !twice && !open.back().insert(value.get<std::string>()).second)
      twice = value.get<std::string>();
    return true;
  };
  constexpr bool throws = false;
  const auto again = nlohmann::json::parse(text, watch, throws);
  return twice;
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
