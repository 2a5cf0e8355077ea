#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// The URL of a server that Winnow sends requests to.
struct http_url {
  bool tls = false;
  std::string host; ///< A name or an address; of IPv6 without brackets.
  std::uint16_t port = 80;
  std::string path = "/"; ///< With the query, if any.
};

/// Parses `http://host[:port][/path]` or `https://…`. Returns nullopt if it has another form. User
/// information and fragments are not accepted.
std::optional<http_url> parse_http_url(std::string_view text);

/// The `Host` header for this URL.
std::string host_header(const http_url& url);

} // namespace winnow
