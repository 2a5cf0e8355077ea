#pragma once

#include "config/error.hpp"
#include "config/settings/values/http_url.hpp"
#include "http/message.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace winnow::http {

/// A request to another server.
struct outgoing_post {
  http_url to;
  std::string body;
  std::string content_type = "application/json";
  name_values headers;                ///< Further headers.
  std::chrono::milliseconds limit{};  ///< For the whole exchange, except for the look-up of the host's name.
  std::function<bool()> give_up = {}; ///< Asked several times a second; once it is true, the post fails.
};

/// What the server answered.
struct post_reply {
  unsigned status = 0;
  std::string body;        ///< At most 64 KiB; a longer one fails.
  std::string retry_after; ///< The header; empty if there is none.
};

/// Posts over a connection of its own and waits for the answer. Of https://, the system's authorities must
/// vouch for the server. Fails with unavailable if no server answers, and with timeout; each names the host.
result<post_reply> post(const outgoing_post& what);

} // namespace winnow::http
