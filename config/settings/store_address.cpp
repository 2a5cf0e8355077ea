#include "config/settings/store_address.hpp"

#include "config/text/percent_encoding.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>

namespace winnow {

namespace {

// No message quotes the text before the `@`, because it may be a password.
constexpr std::string_view forms = "memory:, file:DIRECTORY, redis://[[user]:password@]host[:port][/db] or "
                                   "unix://[[user]:password@]/path[?db=N]";

tl::unexpected<error> wrong(std::string_view part, std::string_view expected, std::string_view got) {
  std::string message(part);
  message.append(": expected ").append(expected).append(", got \"").append(got).append("\"");
  return fail(fault::invalid_argument, std::move(message));
}

template<class Number>
bool read_number(std::string_view text, Number& number) {
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc() && stop == end && !text.empty();
}

result<void> read_database(std::string_view text, store_address& address) {
  if (!read_number(text, address.database))
    return wrong("database of the store's address", "a whole number from 0", text);
  return {};
}

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

result<void> read_port(std::string_view text, store_address& address) {
  if (!read_number(text, address.port) || address.port == 0)
    return wrong("port of the store's address", "a whole number from 1 to 65535", text);
  return {};
}

bool is_host(std::string_view host) {
  constexpr std::string_view refused = " \t\r\n\"'<>\\^`{|}[]@#?%";
  return !host.empty() && host.find_first_of(refused) == std::string_view::npos;
}

// host, host:port, [v6] or [v6]:port
result<void> read_host_and_port(std::string_view text, store_address& address) {
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
  address.host = host;
  if (rest.empty())
    return {};
  if (rest.front() != ':')
    return wrong("port of the store's address", "a \":\" after the \"]\"", rest);
  return read_port(rest.substr(1), address);
}

result<store_address> parse_tcp(std::string_view rest) {
  store_address address;
  // The last "@": hosts and databases contain none, but an unencoded password may.
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    if (auto read = read_credentials(rest.substr(0, at), address); !read)
      return tl::unexpected(read.error());
    rest.remove_prefix(at + 1);
  }
  const auto slash = rest.find('/');
  if (auto read = read_host_and_port(rest.substr(0, slash), address); !read)
    return tl::unexpected(read.error());
  if (slash != std::string_view::npos && slash + 1 < rest.size())
    if (auto read = read_database(rest.substr(slash + 1), address); !read)
      return tl::unexpected(read.error());
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
  const auto query = rest.substr(question + 1);
  if (query.substr(0, 3) != "db=")
    return wrong("query of the store's address", "db=N", query);
  if (auto read = read_database(query.substr(3), address); !read)
    return tl::unexpected(read.error());
  return address;
}

std::string masked_credentials(const store_address& address) {
  if (address.user.empty() && address.password.empty())
    return {};
  return percent_encode(address.user) + (address.password.empty() ? ":@" : ":***@");
}

std::string host_text(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

} // namespace

result<store_address> parse_store_address(std::string_view text) {
  constexpr std::string_view tcp = "redis://";
  constexpr std::string_view unix_socket = "unix://";
  constexpr std::string_view file = "file:";
  constexpr std::string_view encrypted = "rediss://";
  if (text == "memory:") {
    store_address address;
    address.transport = store_address::kind::memory;
    return address;
  }
  if (text.substr(0, file.size()) == file) {
    store_address address;
    address.transport = store_address::kind::file;
    address.path = text.substr(file.size());
    if (address.path.empty())
      return fail(fault::invalid_argument, "store's address: expected a directory after \"file:\"");
    return address;
  }
  if (text.substr(0, encrypted.size()) == encrypted)
    return fail(fault::invalid_argument,
                "scheme of the store's address: rediss:// (TLS) is not supported yet; use redis:// through a "
                "tunnel, for example stunnel or spiped, or unix://");
  if (text.substr(0, tcp.size()) == tcp)
    return parse_tcp(text.substr(tcp.size()));
  if (text.substr(0, unix_socket.size()) == unix_socket)
    return parse_unix(text.substr(unix_socket.size()));
  const auto scheme = text.find("://");
  if (scheme != std::string_view::npos)
    return wrong("scheme of the store's address", forms, text.substr(0, scheme + 3));
  if (text.find('@') != std::string_view::npos)
    return fail(fault::invalid_argument,
                std::string("store's address: expected ").append(forms).append(", got no scheme"));
  return wrong("store's address", forms, text);
}

std::string to_string(const store_address& address) {
  const auto database = std::to_string(address.database);
  switch (address.transport) {
  case store_address::kind::memory:
    return "memory:";
  case store_address::kind::file:
    return "file:" + address.path;
  case store_address::kind::tcp:
    return "redis://" + masked_credentials(address) + host_text(address.host) + ":" +
           std::to_string(address.port) + "/" + database;
  case store_address::kind::unix_socket:
    return "unix://" + masked_credentials(address) + address.path + "?db=" + database;
  }
  return {};
}

} // namespace winnow
