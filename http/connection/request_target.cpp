#include "http/connection/request_target.hpp"

#include "config/text/inside_brackets.hpp"
#include "config/text/number_text.hpp"
#include "http/percent_decoding.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdint>

namespace winnow::http {

namespace {

bool is_host_character(char c) noexcept {
  return is_alphanumeric(c) || std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

/// Whether a text can name the zone of an address, such as `eth0` (RFC 6874: ZoneID).
bool is_zone(std::string_view text) {
  const auto fits = [](char c) {
    return is_alphanumeric(c) || std::string_view("-._~%").find(c) != std::string_view::npos;
  };
  std::string decoded;
  return !text.empty() && std::all_of(text.begin(), text.end(), fits) && percent_decode(text, false, decoded);
}

/// The shortest form, in brackets, of an address that stood in them, with its zone if it has one, as in
/// `[fe80::1%25eth0]`; nullopt if it is none.
std::optional<std::string> normal_ipv6(std::string_view inside) {
  constexpr std::string_view delimiter = "%25";
  const auto end = std::min(inside.find(delimiter), inside.size());
  const auto zone = inside.substr(end); // with the delimiter
  const std::string text(inside.substr(0, end));
  in6_addr address{};
  char shortest[INET6_ADDRSTRLEN];
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1 ||
      (!zone.empty() && !is_zone(zone.substr(delimiter.size()))))
    return std::nullopt;
  return std::string("[").append(::inet_ntop(AF_INET6, &address, shortest, sizeof shortest)).append(zone) +
         ']';
}

std::optional<std::string> normal_host(std::string_view host) {
  if (const auto inside = inside_brackets(host))
    return normal_ipv6(*inside);
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character))
    return std::nullopt;
  std::string made(host);
  std::transform(made.begin(), made.end(), made.begin(), lower);
  return made;
}

/// The number of a port; 0 for an empty text, which stands for the default.
std::optional<std::uint16_t> port_number(std::string_view text) {
  if (text.empty())
    return std::uint16_t{0};
  const auto port = parse_integer<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

} // namespace

std::optional<absolute_target> split_absolute(std::string_view target) {
  const auto separator = target.find("://");
  if (separator == std::string_view::npos)
    return std::nullopt;
  absolute_target parts;
  parts.scheme = target.substr(0, separator);
  if (!equal_ignoring_case(parts.scheme, "http") && !equal_ignoring_case(parts.scheme, "https"))
    return std::nullopt;
  target.remove_prefix(separator + 3);
  const auto end = std::min(target.find_first_of("/?"), target.size());
  parts.authority = target.substr(0, end);
  parts.rest = target.substr(end);
  return parts;
}

std::optional<std::string> normal_authority(std::string_view authority, std::string_view scheme) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const auto host = normal_host(authority.substr(0, colon));
  const auto port = port_number(colon == std::string_view::npos ? "" : authority.substr(colon + 1));
  if (!host || !port)
    return std::nullopt;
  const std::uint16_t fallback = equal_ignoring_case(scheme, "https") ? 443 : 80;
  return *port == 0 || *port == fallback ? *host : *host + ':' + std::to_string(*port);
}

} // namespace winnow::http
