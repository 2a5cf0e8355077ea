#include "config/settings/values/store_address.hpp"

#include "config/settings/values/store_address_parts.hpp"
#include "config/text/number_text.hpp"
#include "config/text/percent_encoding.hpp"
#include "config/text/starts_with.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace winnow {

using namespace store_address_parts;

namespace {

struct network_scheme {
  std::string_view name;
  store_address::kind transport;
  bool encrypted;
};

constexpr std::array network_schemes{
    network_scheme{"redis://", store_address::kind::tcp, false},
    network_scheme{"rediss://", store_address::kind::tcp, true},
    network_scheme{"redis+sentinel://", store_address::kind::sentinel, false},
    network_scheme{"rediss+sentinel://", store_address::kind::sentinel, true},
    network_scheme{"redis+cluster://", store_address::kind::cluster, false},
    network_scheme{"rediss+cluster://", store_address::kind::cluster, true},
};

result<void> read_credentials(std::string_view text, store_address& address) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return fail(
        fault::invalid_argument,
        "credentials of the store's address: expected [user]:password before the \"@\", got no \":\"");
  auto user = percent_decode(text.substr(0, colon));
  auto password = percent_decode(text.substr(colon + 1));
  if (!user || !password)
    return fail(fault::invalid_argument,
                "credentials of the store's address: expected two hexadecimal digits after each \"%\"");
  if (password->empty() && !user->empty())
    return fail(fault::invalid_argument, "credentials of the store's address: a user needs a password");
  address.user = std::move(*user);
  address.password = std::move(*password);
  return {};
}

result<void> read_port(std::string_view text, store_place& place) {
  place.port = parse_integer<std::uint16_t>(text).value_or(0);
  if (place.port == 0)
    return wrong("port of the store's address", "a whole number from 1 to 65535", text);
  return {};
}

bool is_host(std::string_view host) {
  constexpr std::string_view refused = " \t\r\n\"'<>\\^`{|}[]@#?%";
  return !host.empty() && host.find_first_of(refused) == std::string_view::npos;
}

// host, host:port, [v6] or [v6]:port
result<void> read_host_and_port(std::string_view text, store_place& place) {
  std::string_view host = text;
  std::string_view rest;
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos)
      return wrong("host of the store's address", "a \"]\" after the IPv6 address", text);
    host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
    if (host.find(':') == std::string_view::npos)
      return wrong("host of the store's address", "an IPv6 address in the brackets", host);
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    rest = text.substr(colon);
    if (rest.find(':', 1) != std::string_view::npos)
      return wrong("host of the store's address", "brackets around an IPv6 address", text);
  }
  if (!is_host(host))
    return wrong("host of the store's address", "a host name or an IP address", host);
  place.host = host;
  if (rest.empty())
    return {};
  if (rest.front() != ':')
    return wrong("port of the store's address", "a \":\" after the \"]\"", rest);
  return read_port(rest.substr(1), place);
}

result<void> read_hosts(std::string_view text, store_address& address) {
  const bool sentinels = address.transport == store_address::kind::sentinel;
  if (sentinels || address.transport == store_address::kind::cluster) {
    auto places = parse_store_places(text, sentinels ? default_sentinel_port : address.port);
    if (!places)
      return tl::unexpected(places.error());
    (sentinels ? address.sentinels : address.nodes) = std::move(*places);
    return {};
  }
  store_place place{address.host, address.port};
  if (auto read = read_host_and_port(text, place); !read)
    return read;
  address.host = std::move(place.host);
  address.port = place.port;
  return {};
}

/// The text behind the first slash: the database; before it, the name of the master if there are sentinels.
result<void> read_path(std::string_view text, store_address& address) {
  if (address.transport == store_address::kind::sentinel) {
    const auto slash = text.find('/');
    const auto name = percent_decode(text.substr(0, slash));
    if (!name || name->empty())
      return wrong("store's address", "the name of the master behind the sentinels, as in s1,s2/NAME", text);
    address.master_name = *name;
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  }
  return text.empty() ? result<void>{} : read_database(text, address);
}

/// @param address Its transport and whether it is encrypted are set.
result<store_address> parse_network(std::string_view rest, store_address address) {
  // The last "@": hosts, databases and parameters contain none, but an unencoded password may.
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    if (auto read = read_credentials(rest.substr(0, at), address); !read)
      return tl::unexpected(read.error());
    rest.remove_prefix(at + 1);
  }
  const auto question = std::min(rest.find('?'), rest.size());
  const auto query = rest.substr(question);
  rest = rest.substr(0, question);
  const auto slash = rest.find('/');
  if (auto read = read_hosts(rest.substr(0, slash), address); !read)
    return tl::unexpected(read.error());
  if (auto read =
          read_path(slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1), address);
      !read)
    return tl::unexpected(read.error());
  if (!query.empty())
    if (auto read = read_store_parameters(query.substr(1), address); !read)
      return tl::unexpected(read.error());
  if (address.transport == store_address::kind::cluster && address.database != 0)
    return wrong("database of the store's address", "0, the only one that a cluster has",
                 std::to_string(address.database));
  return address;
}

result<store_address> parse_unix(std::string_view rest) {
  store_address address;
  address.transport = store_address::kind::unix_socket;
  if (const auto at = rest.find("@/"); !rest.empty() && rest.front() != '/' && at != std::string_view::npos) {
    if (auto read = read_credentials(rest.substr(0, at), address); !read)
      return tl::unexpected(read.error());
    rest.remove_prefix(at + 1);
  }
  const auto question = rest.find('?');
  const auto path = rest.substr(0, question);
  if (path.size() < 2 || path.front() != '/')
    return fail(fault::invalid_argument, "path of the store's address: expected an absolute path");
  address.path = path;
  if (question == std::string_view::npos)
    return address;
  if (auto read = read_store_parameters(rest.substr(question + 1), address); !read)
    return tl::unexpected(read.error());
  return address;
}

} // namespace

result<std::vector<store_place>> parse_store_places(std::string_view text, std::uint16_t default_port) {
  std::vector<store_place> places;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    store_place place{{}, default_port};
    if (auto read = read_host_and_port(text.substr(0, comma), place); !read)
      return tl::unexpected(read.error());
    places.push_back(std::move(place));
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());
  }
  return places;
}

result<store_address> parse_store_address(std::string_view text) {
  constexpr std::string_view file = "file:";
  if (text == "memory:") {
    store_address address;
    address.transport = store_address::kind::memory;
    return address;
  }
  if (starts_with(text, file)) {
    store_address address;
    address.transport = store_address::kind::file;
    address.path = text.substr(file.size());
    if (address.path.empty())
      return fail(fault::invalid_argument, "store's address: expected a directory after \"file:\"");
    return address;
  }
  const auto colon = text.find("://");
  const auto scheme = text.substr(0, colon == std::string_view::npos ? 0 : colon + 3);
  const auto rest = text.substr(scheme.size());
  if (scheme == "unix://")
    return parse_unix(rest);
  for (const auto& one : network_schemes) {
    if (one.name != scheme)
      continue;
    store_address address;
    address.transport = one.transport;
    address.tls.on = one.encrypted;
    return parse_network(rest, std::move(address));
  }
  if (!scheme.empty())
    return wrong("scheme of the store's address", store_address_forms, scheme);
  // Without a scheme, the text before an "@" may be a password.
  if (text.find('@') != std::string_view::npos)
    return fail(
        fault::invalid_argument,
        std::string("store's address: expected ").append(store_address_forms).append(", got no scheme"));
  return wrong("store's address", store_address_forms, text);
}

} // namespace winnow
