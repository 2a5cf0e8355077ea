#pragma once

#include "config/error.hpp"

#include <optional>
#include <string_view>

namespace winnow::bench {

/// A complete HTTP/1.1 response at the beginning of the bytes read.
struct http_response {
  unsigned status = 0;
  std::string_view body;
  std::size_t size = 0; ///< Bytes of the whole response.
  bool closes = false;  ///< The server closes the connection afterwards.
};

/// A fast parser for responses with a Content-Length, nothing else. Returns nullopt if the response is
/// incomplete.
/// @return `unsupported` for any other framing, `malformed` if the bytes are not HTTP.
result<std::optional<http_response>> parse_response(std::string_view bytes);

/// Counts the items in the `recommendations` of a response. Ids must not contain quotes.
std::size_t count_recommendations(std::string_view body);

/// Counts the lists in the answer to a batch.
std::size_t count_lists(std::string_view body);

} // namespace winnow::bench
