#pragma once

#include "http/connection/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace winnow::http {

/// Cuts one request after the other out of a connection's bytes. It looks at each byte of a header block
/// once, however few arrive at a time, and refuses what Beast would mend silently: folded lines and bare line
/// feeds.
class request_reader {
public:
  enum class progress {
    idle,     ///< Nothing of a request is there.
    head,     ///< Part of a header block is there.
    routable, ///< The headers just became complete: said once.
    body,     ///< Part of the body is missing.
    complete,
    refused,
  };

  request_reader(std::size_t header_limit, std::size_t body_limit);

  /// Reads on. `bytes` is all that is buffered; `used`, how much of its front is done with: the caller passes
  /// the rest again, with more after it.
  progress advance(std::string_view bytes, std::size_t& used);

  /// Forgets the request and begins the next.
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
  std::size_t scanned_ = 0;    ///< Bytes in which line ends were looked for.
  std::size_t line_start_ = 0; ///< Where the line that is not complete yet begins.
  std::size_t head_size_ = 0;  ///< Not 0 once the end of the header block was found.
  bool head_done_ = false;
};

} // namespace winnow::http
