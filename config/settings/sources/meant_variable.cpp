#include "config/settings/sources/meant_variable.hpp"

#include "config/text/ascii.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/unicode_blank.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace winnow {

namespace {

bool is_of_name(char c) {
  return is_alphanumeric(c) || c == '_';
}

/// Whether the text has no words, or only such that declare a variable in some language: `set "`, `$env:`,
/// `declare -x `.
bool only_declares(std::string_view text) {
  constexpr std::array<std::string_view, 9> known{"EXPORT", "SET", "SETX",    "SETENV", "ENV",
                                                  "LET",    "X",   "DECLARE", "TYPESET"};
  while (true) {
    text.remove_prefix(
        static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_of_name) - text.begin()));
    if (text.empty())
      return true;
    const auto end =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_of_name) - text.begin());
    if (std::find(known.begin(), known.end(), upper_case(text.substr(0, end))) == known.end())
      return false;
    text.remove_prefix(end);
  }
}

} // namespace

std::optional<env_entry> meant_by(std::string_view line, line_kind kind) {
  constexpr std::string_view prefix = "WINNOW_";
  constexpr std::size_t longest_shown = 80;
  line = line.substr(0, line.find('#'));
  const auto left = line.substr(0, line.find('='));
  const auto names = upper_case(left);
  for (auto at = names.find(prefix); at != std::string::npos; at = names.find(prefix, at + 1)) {
    const auto end = static_cast<std::size_t>(
        std::find_if_not(left.begin() + static_cast<std::ptrdiff_t>(at), left.end(), is_of_name) -
        left.begin());
    if (end == at + prefix.size() || (at > 0 && is_of_name(left[at - 1])))
      continue;
    const auto after = left.substr(end);
    const bool is_assigned =
        left.size() < line.size() && std::none_of(after.begin(), after.end(), is_of_name);
    const bool is_declared = only_declares(left.substr(0, at));
    if (kind == line_kind::value ? !(is_assigned && is_declared) : !(is_assigned || is_declared))
      continue;
    auto name = names.substr(at, end - at);
    auto shown_end = end;
    while (shown_end < left.size() && !is_of_name(left[shown_end]) &&
           blank_length(left.substr(shown_end)) == 0)
      ++shown_end;
    const auto shown_from = shown_end > longest_shown ? at : 0;
    const auto shown = without_blanks_before(left.substr(shown_from, shown_end - shown_from));
    auto problem = "expected " + name + "=VALUE, got " + quoted_text(shown);
    if (std::any_of(shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
      problem += ", which has characters that are not ASCII";
    return env_entry{std::move(name), {}, 0, std::move(problem)};
  }
  return std::nullopt;
}

} // namespace winnow
