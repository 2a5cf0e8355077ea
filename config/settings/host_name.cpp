#include "config/settings/host_name.hpp"

#include "config/text/quoted_text.hpp"

namespace winnow {

namespace {

tl::unexpected<error> wrong(std::string_view expected, std::string_view got) {
  return fail(fault::invalid_argument,
              std::string("expected ").append(expected) + ", got " + quoted_text(got));
}

} // namespace

result<std::string> parse_host_name(std::string_view text) {
  if (text.empty())
    return wrong("a host name or an address", text);
  const bool opens = text.front() == '[', closes = text.back() == ']';
  const auto host = opens && closes ? text.substr(1, text.size() - 2) : text;
  if (opens && !closes)
    return wrong("a \"]\" after the IPv6 address", text);
  if (host.find_first_of("[]") != std::string_view::npos)
    return wrong("brackets around an IPv6 address, or none", text);
  if (opens && host.find(':') == std::string_view::npos)
    return wrong("an IPv6 address in the brackets", text);
  return std::string(host);
}

} // namespace winnow
