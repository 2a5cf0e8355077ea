#include "config/settings/values/http_url.hpp"

#include "config/text/number_text.hpp"
#include "config/text/starts_with.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::uint16_t http_port = 80, https_port = 443;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// Reads `host`, `host:port` or `[v6]:port`.
bool read_authority(std::string_view text, http_url& url) {
  const bool bracketed = starts_with(text, "[");
  const auto close = bracketed ? text.find(']') : 0;
  if (close == std::string_view::npos)
    return false;
  const auto colon = text.find(':', close);
  url.host = bracketed ? text.substr(1, close - 1) : text.substr(0, colon);
  if (bracketed && close + 1 != std::min(colon, text.size()))
    return false;
  if (url.host.empty() || url.host.find_first_of("[]@") != std::string::npos)
    return false;
  if (colon != std::string_view::npos)
    url.port = parse_integer<std::uint16_t>(text.substr(colon + 1)).value_or(0);
  return url.port > 0;
}

} // namespace

std::optional<http_url> parse_http_url(std::string_view text) {
  http_url url;
  url.tls = starts_with(text, "https://");
  if ((!url.tls && !starts_with(text, "http://")) || !is_printable(text) ||
      text.find('#') != std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(text.find("//") + 2);
  url.port = url.tls ? https_port : http_port;
  const auto end = std::min(text.find_first_of("/?"), text.size());
  if (!read_authority(text.substr(0, end), url))
    return std::nullopt;
  url.path = text.substr(end);
  if (url.path.empty() || url.path.front() == '?')
    url.path.insert(0, 1, '/');
  return url;
}

std::string host_header(const http_url& url) {
  const bool ipv6 = url.host.find(':') != std::string::npos;
  const auto host = ipv6 ? "[" + url.host + "]" : url.host;
  return url.port == (url.tls ? https_port : http_port) ? host : host + ":" + std::to_string(url.port);
}

} // namespace winnow
