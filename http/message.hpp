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
class exchange_follower;

/// Names with their values, in the order in which they were received or are sent.
using name_values = std::vector<std::pair<std::string, std::string>>;

/// A request as handlers see it: complete, validated, percent-decoded. Values are opaque bytes.
struct request {
  std::string method;          ///< As sent; GET handlers also receive `HEAD`.
  std::string path;            ///< The raw path, without the query.
  name_values path_parameters; ///< Decoded, e.g. {"user_id", "a b"}; without NUL.
  name_values query;           ///< Decoded, `+` is a space; without NUL.
  std::string body;
  std::string content_type; ///< Empty if the header is missing, as for all headers below.
  std::string accept;       ///< Header lines, joined by commas.
  std::string prefer;       ///< Header lines, joined by commas.
  std::string authorization;
  std::string host;          ///< As sent: a name or an address, optionally with a port.
  std::string origin;        ///< The origin of the web page that sent the request; only browsers send it.
  std::string fetch_site;    ///< Sec-Fetch-Site: how that page relates to this server; only browsers send it.
  std::string last_event_id; ///< The last event that a reconnecting client received.
  std::string traceparent;   ///< Header lines, joined by commas; not validated, as the next one.
  std::string tracestate;    ///< Header lines, joined by commas.
  std::string request_id;    ///< The client's X-Request-ID if valid, else generated; every answer echoes it.
  std::chrono::steady_clock::time_point
      received;           ///< When the request's last byte was read: clients may be slow.
  bool from_here = false; ///< Whether its client is on this machine, and speaks for no other one.
  bool by_proxy = false;  ///< Whether a trusted proxy sent it.

  /// The value of a parameter of the route's pattern; empty if the pattern has no such parameter.
  std::string_view path_parameter(std::string_view name) const;

  /// The first value with this name in the query; nullopt if there is none.
  std::optional<std::string_view> query_parameter(std::string_view name) const;
};

/// An answer. The session adds framing, Server, Date, X-Request-ID and CORS headers itself; do not set them
/// here.
struct response {
  unsigned status = 200;
  std::string content_type = "application/json"; ///< Not sent with an empty body.
  std::string body;
  name_values headers; ///< Further headers; control characters in them are sent as spaces.
  std::string context; ///< What the client said about the request, for the access log; on one line.
  std::shared_ptr<event_stream> events; ///< If set, events follow instead of a body, see `stream_response`.
  std::shared_ptr<exchange_follower> follower; ///< If set, learns when the answer has been sent.
};

/// Takes the answer. Called once, from any thread; a second call is ignored. After the client has left or the
/// server has been destroyed, a call does nothing. If the last copy is destroyed without a call, the client
/// gets a 500.
using responder = std::function<void(response)>;

/// Answers a request, immediately or later. Called on an I/O thread; must not block. If it throws, the
/// exception is logged and the client gets a 500.
using handler = std::function<void(request, responder)>;

/// An answer with the body `{"status":"error","message":"…"}`. Bytes that are not UTF-8 are replaced.
response json_error(unsigned status, std::string_view message);

/// A 200 with the body `{"status":"…"}`. `status` is not escaped, so it must not contain client input.
response status_answer(std::string_view status);

/// The answer to a failure, with its public text. The only place that maps causes to status codes:
/// invalid_argument 400, denied 403, not_found 404, conflict 409, too_large 413, malformed and unsupported
/// 422, io_error and internal 500, unavailable and overloaded 503 with `Retry-After: 1`, timeout 504,
/// out_of_space 507.
response error_response(const error& failure);

} // namespace winnow::http
