#include "config/settings/sources/service_link.hpp"

#include "config/text/starts_with.hpp"

#include <algorithm>

namespace winnow {

namespace {

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() > suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

/// Whether the rest after `_PORT_` is a number and a protocol, e.g. `8001_TCP` or `53_UDP_ADDR`.
bool is_port_of_link(std::string_view rest) {
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  rest.remove_prefix(digits);
  for (const std::string_view protocol : {"_TCP", "_UDP", "_SCTP"}) {
    if (digits == 0 || !starts_with(rest, protocol))
      continue;
    const auto part = rest.substr(protocol.size());
    return part.empty() || part == "_ADDR" || part == "_PORT" || part == "_PROTO";
  }
  return false;
}

} // namespace

bool is_service_address(std::string_view value) {
  return starts_with(value, "tcp://") || starts_with(value, "udp://") || starts_with(value, "sctp://");
}

bool is_service_link(std::string_view name, std::string_view value) {
  constexpr std::string_view port = "_PORT_";
  for (auto at = name.find(port); at != std::string_view::npos; at = name.find(port, at + 1))
    if (is_port_of_link(name.substr(at + port.size())))
      return true;
  return ends_with(name, "_SERVICE_HOST") || ends_with(name, "_SERVICE_PORT") ||
         name.find("_SERVICE_PORT_") != std::string_view::npos ||
         (ends_with(name, "_PORT") && is_service_address(value));
}

} // namespace winnow
