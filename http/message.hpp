#pragma once

#include "config/error.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow::http {

class event_stream;

/// Names with their values, in the order in which they came or are sent.
using name_values = std::vector<std::pair<std::string, std::string>>;

/// A request as a handler sees it: complete, checked, percent-decoded. Values are opaque bytes.
struct request {
  std::string method;          ///< As sent; a HEAD reaches the handler of GET as `HEAD`.
  std::string path;            ///< The raw path, without the query.
  name_values path_parameters; ///< Decoded, e.g. {"user_id", "a b"}; never with a NUL.
  name_values query;           ///< Decoded, `+` is a space; never with a NUL.
  std::string body;
  std::string content_type; ///< Empty where the header is missing, as are the next three.
  std::string accept;       ///< Several lines are joined by a comma.
  std::string prefer;       ///< Several lines are joined by a comma.
  std::string authorization;
  std::string host;          ///< As sent: a name or an address, perhaps with a port.
  std::string origin;        ///< The web page's that sent the request, where a browser tells; else empty.
  std::string fetch_site;    ///< Where that page is from, as a browser's Sec-Fetch-Site says; else empty.
  std::string last_event_id; ///< The last event that a client got which connects anew; else empty.
  std::string request_id;    ///< The client's X-Request-ID if it is sane, else made; every answer echoes it.
  std::chrono::steady_clock::time_point received; ///< When its first byte was seen.

  /// The value of a parameter in the route's pattern; empty for a name that the pattern does not have.
  std::string_view path_parameter(std::string_view name) const;

  /// The first value of that name in the query.
  std::optional<std::string_view> query_parameter(std::string_view name) const;
};

/// What is sent back. Framing, Server, X-Request-ID and CORS headers are the session's own: not to be put
/// here.
struct response {
  unsigned status = 200;
  std::string content_type = "application/json"; ///< Not sent with an empty body.
  std::string body;
  name_values headers;                  ///< Further headers. Control characters in them are sent as spaces.
  std::shared_ptr<event_stream> events; ///< Set: events follow instead of a body, see `stream_response`.
};

/// Takes the answer. Called once, from any thread, also after the client or the server has gone (then nothing
/// happens); a second call is ignored. If the last copy is destroyed uncalled, the client gets a 500.
using responder = std::function<void(response)>;

/// Answers a request, now or later. Runs on an I/O thread and must not block. If it throws, the exception is
/// logged and the client gets a 500.
using handler = std::function<void(request, responder)>;

/// `{"status":"error","message":"…"}`; bytes that are not UTF-8 are replaced.
response json_error(unsigned status, std::string_view message);

/// 200 with the body `{"status":"…"}`. `status` is not escaped: it must not be a client's text.
response status_answer(std::string_view status);

/// The answer to a failure, and the one place where causes become statuses:
/// invalid_argument 400, denied 403, not_found 404, conflict 409, too_large 413, malformed and unsupported
/// 422, io_error and internal 500, unavailable and overloaded 503 with `Retry-After: 1`, timeout 504.
response error_response(const error& failure);

} // namespace winnow::http
