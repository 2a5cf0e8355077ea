#pragma once

#include "http/connection/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace winnow::http {

/// Extracts one request after another from the bytes of a connection. Scans each byte of a header block once,
/// even if bytes arrive one at a time, and refuses what Beast would accept silently: folded lines and bare
/// line feeds.
class request_reader {
public:
  enum class progress {
    idle,     ///< No byte of a request has been received.
    head,     ///< Part of the header block has been received.
    routable, ///< The header block has just become complete; returned once per request.
    body,     ///< Part of the body is missing.
    complete,
    refused,
  };

  request_reader(std::size_t header_limit, std::size_t body_limit);

  /// Continues to read. `bytes` is everything that is buffered. Sets `used` to the number of bytes at its
  /// front that are consumed; the caller passes the rest again, followed by new bytes.
  progress advance(std::string_view bytes, std::size_t& used);

  /// Discards the request and prepares for the next one.
  void reset();

  incoming_request& incoming() noexcept { return parser_->incoming(); }
  const incoming_request& incoming() const noexcept { return parser_->incoming(); }
  bool keeps_alive() const { return head_done_ && parser_->keeps_alive(); }
  const refusal& why() const noexcept { return why_; }

private:
  progress refuse(refusal why);
  progress advance_head(std::string_view bytes, std::size_t& used);
  progress advance_body(std::string_view bytes, std::size_t& used);
  std::optional<refusal> scan(std::string_view bytes);

  std::size_t header_limit_;
  std::size_t body_limit_;
  std::optional<request_parser> parser_;
  refusal why_;
  std::size_t scanned_ = 0;    ///< Number of bytes already searched for line ends.
  std::size_t line_start_ = 0; ///< Where the first incomplete line begins.
  std::size_t head_size_ = 0;  ///< 0 until the end of the header block is found.
  bool head_done_ = false;
};

} // namespace winnow::http
