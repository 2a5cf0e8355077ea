#pragma once

#include "config/error.hpp"

#include <optional>
#include <string_view>

namespace winnow::bench {

/// A whole HTTP/1.1 answer at the beginning of what was read.
struct http_response {
  unsigned status = 0;
  std::string_view body;
  std::size_t size = 0; ///< Bytes of the whole answer.
  bool closes = false;  ///< The server closes the connection after it.
};

/// Just enough of HTTP to be quick: answers with a Content-Length. Nothing: there is more to come.
/// @return `unsupported` for any other framing, `malformed` for no HTTP at all.
result<std::optional<http_response>> parse_response(std::string_view bytes);

/// How many items the `recommendations` of an answer hold; ids must not hold quotes.
std::size_t count_recommendations(std::string_view body);

} // namespace winnow::bench
