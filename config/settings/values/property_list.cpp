#include "config/settings/values/property_list.hpp"

#include "config/text/quoted_text.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>
#include <array>

namespace winnow {

namespace {

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 5> words{"password", "secret", "key.pem", "oauthbearer.config",
                                                  "token"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

} // namespace

result<property_list> parse_properties(std::string_view text) {
  property_list read;
  char separator = '\n'; // in front of the part
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(",\n"), text.size());
    const auto part = text.substr(0, end);
    const auto equals = part.find('=');
    const auto name = trimmed(part.substr(0, equals), blanks_of_a_line);
    if (equals != std::string_view::npos && !name.empty())
      read.emplace_back(name, trimmed(part.substr(equals + 1), blanks_of_a_line));
    else if (equals == std::string_view::npos && separator == ',' && !read.empty())
      read.back().second.append(1, ',').append(part);
    else
      return fail(fault::invalid_argument,
                  "expected NAME=VALUE, got " +
                      (name.empty() ? "a part without a name" : quoted_text(name) + " without a value"));
    separator = end < text.size() ? text[end] : '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return read;
}

std::string print_properties(const property_list& properties) {
  std::string text;
  for (const auto& [name, value] : properties)
    text += (text.empty() ? "" : ",") + name + "=" + (is_secret(name) ? "***" : value);
  return text;
}

} // namespace winnow
