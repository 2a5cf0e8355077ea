#include "config/settings/values/host_name.hpp"

#include "config/settings/values/network_list.hpp"
#include "config/text/inside_brackets.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/starts_with.hpp"

#include <algorithm>

namespace winnow {

namespace {

tl::unexpected<error> wrong(std::string_view expected, std::string_view got) {
  return fail(fault::invalid_argument,
              std::string("expected ").append(expected) + ", got " + quoted_text(got));
}

/// With or without the zone behind a `%`.
bool is_ipv6(std::string_view host) {
  return parse_ip(host.substr(0, host.find('%'))).has_value();
}

/// A byte of another alphabet may be part of a name that the resolver knows.
bool is_of_no_host(char c) {
  constexpr std::string_view marks = "!\"#$&'()*+,/;<=>?@\\^`{|}~";
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7F || marks.find(c) != std::string_view::npos;
}

} // namespace

result<std::string> parse_host_name(std::string_view text) {
  if (text.empty())
    return wrong("a host name or an address", text);
  const auto bracketed = inside_brackets(text);
  const auto host = bracketed.value_or(text);
  if (!bracketed && starts_with(text, "["))
    return wrong("a \"]\" after the IPv6 address", text);
  if (host.find_first_of("[]") != std::string_view::npos)
    return wrong("brackets around an IPv6 address, or none", text);
  if (bracketed && host.find(':') == std::string_view::npos)
    return wrong("an IPv6 address in the brackets", text);
  if (host.find(':') != std::string_view::npos && !is_ipv6(host))
    return wrong("a host name or an address, without a port", text);
  if (host == "*")
    return wrong("a host name or an address (0.0.0.0 or :: stands for all)", text);
  if (std::any_of(host.begin(), host.end(), is_of_no_host))
    return wrong("a host name or an address", text);
  return std::string(host);
}

} // namespace winnow
