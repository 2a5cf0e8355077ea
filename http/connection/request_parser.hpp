#pragma once

#include "http/message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::http {

/// A request that is being read: what handlers see, and what only the session needs.
struct incoming_request {
  request seen;
  std::string target;            ///< Raw path and query; an absolute form is reduced to them.
  std::string origin;            ///< CORS; a copy that stays when `seen` moves to the handler.
  std::string preflight_method;  ///< CORS: Access-Control-Request-Method.
  std::string preflight_headers; ///< CORS: Access-Control-Request-Headers.
  std::string expect;            ///< In practice `100-continue`.
  std::string content_encoding;  ///< Header lines, joined by commas.
  std::string x_forwarded_for;   ///< Header lines, joined by commas; believed only from trusted proxies.
  std::string forwarded;         ///< Likewise.
  bool http_1_0 = false;
  bool declares_body = false; ///< Whether it has a Content-Length or a Transfer-Encoding.
  bool has_body = false;      ///< Whether a chunked body, or one of at least one byte, follows the headers.
};

/// Why a request cannot be read further. The connection ends with this answer.
struct refusal {
  unsigned status = 400;
  std::string_view message; ///< A string literal.
};

/// Parses one request with Beast and adds the checks that Beast omits: exactly one `chunked` or one
/// Content-Length, one Host that agrees with an absolute form, and no raw bytes over 0x7F in the target.
/// Without them, a proxy in front of the server could see different request boundaries (request smuggling).
class request_parser : private boost::beast::http::basic_parser<true> {
  using base = boost::beast::http::basic_parser<true>;

public:
  request_parser(std::size_t header_limit, std::size_t body_limit);

  /// Reads the header block. `head` must contain all of it, with validated line ends. Returns false if
  /// refused.
  bool read_head(std::string_view head);

  /// Continues to read the body and sets `used` to the number of bytes consumed. Returns false if refused.
  bool read_body(std::string_view bytes, std::size_t& used);

  bool is_complete() const { return is_done(); }
  bool keeps_alive() const { return keep_alive(); }
  const refusal& why() const noexcept { return why_; }
  incoming_request& incoming() noexcept { return incoming_; }
  const incoming_request& incoming() const noexcept { return incoming_; }

private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;

  bool refuse(unsigned status, std::string_view message);
  bool refuse(error_code cause);
  bool check_framing();
  bool check_target();
  bool take_absolute_form();
  void on_further_field(std::string_view name, std::string_view value);

  void on_request_impl(verb known, string_view method, string_view target, int version,
                       error_code& ec) override;
  void on_field_impl(field name, string_view text, string_view value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
  std::size_t on_body_impl(string_view bytes, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t size, string_view extension, error_code& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t rest, string_view bytes, error_code& ec) override;
  void on_finish_impl(error_code& ec) override;

  void on_response_impl(int, string_view, int, error_code&) override {}

  incoming_request incoming_;
  refusal why_;
  std::string coding_;
  int hosts_ = 0;
  int lengths_ = 0;
  int authorizations_ = 0;
  int codings_ = 0;
  bool head_done_ = false;
};

} // namespace winnow::http
