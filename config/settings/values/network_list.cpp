#include "config/settings/values/network_list.hpp"

#include "config/text/inside_brackets.hpp"
#include "config/text/number_text.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace winnow {

namespace {

constexpr std::size_t ipv4_offset = 12; // behind ::ffff:

} // namespace

std::optional<ip_bytes> parse_ip(std::string_view text) {
  const std::string copy(text);
  ip_bytes bytes{};
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1)
    return bytes;
  bytes = {};
  bytes[10] = bytes[11] = 0xFF;
  if (::inet_pton(AF_INET, copy.c_str(), bytes.data() + ipv4_offset) == 1)
    return bytes;
  return std::nullopt;
}

bool network_list::covers(const network& one, const ip_bytes& address) noexcept {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const int bits = std::clamp(static_cast<int>(one.prefix) - static_cast<int>(8 * i), 0, 8);
    const auto mask = static_cast<std::uint8_t>(0xFF00u >> bits);
    if (((one.address[i] ^ address[i]) & mask) != 0)
      return false;
  }
  return true;
}

std::optional<network_list::network> network_list::parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto bracketed = inside_brackets(text.substr(0, slash));
  const auto host = bracketed.value_or(text.substr(0, slash));
  const auto address = parse_ip(host);
  const bool ipv4 = host.find(':') == std::string_view::npos;
  if (!address || (bracketed && ipv4))
    return std::nullopt;
  network made{*address, 128};
  if (slash == std::string_view::npos)
    return made;
  const auto digits = text.substr(slash + 1);
  const unsigned most = ipv4 ? 32 : 128;
  const auto prefix = parse_integer<unsigned>(digits);
  if (!prefix || *prefix > most)
    return std::nullopt;
  made.prefix = *prefix + 128 - most;
  // 10.1.2.3/8 is a slip: only the network itself covers its own address with all other bits zero.
  ip_bytes start = made.address;
  for (unsigned bit = made.prefix; bit < 128; ++bit)
    start[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
  return start == made.address ? std::optional(made) : std::nullopt;
}

std::optional<network_list> network_list::parse(std::string_view text) {
  network_list made;
  if (trimmed(text, blanks_of_a_line).empty())
    return made;
  while (true) {
    const auto comma = text.find(',');
    const auto one = parse_network(trimmed(text.substr(0, comma), blanks_of_a_line));
    if (!one)
      return std::nullopt;
    made.networks_.push_back(*one);
    if (comma == std::string_view::npos)
      return made;
    text.remove_prefix(comma + 1);
  }
}

bool network_list::contains(const ip_bytes& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const network& one) { return covers(one, address); });
}

} // namespace winnow
