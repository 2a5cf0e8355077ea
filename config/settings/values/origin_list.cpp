#include "config/settings/values/origin_list.hpp"

#include "config/settings/values/network_list.hpp"
#include "config/text/ascii.hpp"
#include "config/text/inside_brackets.hpp"
#include "config/text/number_text.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>
#include <cstdint>

namespace winnow {

namespace {

/// RFC 3986, 3.1. Pages of apps have schemes of their own, such as `capacitor://localhost`.
bool is_scheme(std::string_view text) {
  const auto fits = [](char c) {
    return is_alphanumeric(c) || std::string_view("+-.").find(c) != std::string_view::npos;
  };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), fits);
}

/// A name in ASCII, as browsers send it (punycode), or an address.
bool is_host(std::string_view text) {
  if (const auto address = inside_brackets(text))
    return address->find(':') != std::string_view::npos && parse_ip(*address);
  const auto fits = [](char c) {
    return is_alphanumeric(c) || std::string_view("-._").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.front() != '.' && text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), fits);
}

/// Browsers send no zeros before a number.
bool is_port(std::string_view text) {
  return !text.empty() && text.front() != '0' && parse_integer<std::uint16_t>(text);
}

bool is_origin(std::string_view text) {
  constexpr std::string_view separator = "://";
  const auto end = text.find(separator);
  if (end == std::string_view::npos || !is_scheme(text.substr(0, end)))
    return false;
  const auto authority = text.substr(end + separator.size());
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return is_host(authority.substr(0, colon)) &&
         (colon == std::string_view::npos || is_port(authority.substr(colon + 1)));
}

} // namespace

bool is_origin_list(std::string_view text) {
  if (text.empty() || text == "*")
    return true;
  while (true) {
    const auto comma = text.find(',');
    if (!is_origin(trimmed(text.substr(0, comma), blanks_of_a_line)))
      return false;
    if (comma == std::string_view::npos)
      return true;
    text.remove_prefix(comma + 1);
  }
}

} // namespace winnow
