#pragma once

#include "http/connection/cors.hpp"
#include "http/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace winnow::http {

/// What the head of an answer depends on besides the answer.
struct head_context {
  const cors_policy& cors;
  std::string_view date;
  std::string_view request_id;
  std::string_view origin;
  std::string_view method; ///< Of the request; for a preflight, the one that it asks for.
  bool http_1_0 = false;
  bool keep_alive = true;
  std::string_view keep_alive_line; ///< See `keep_alive_line_for`.
};

/// Overwrites `head` with the status line, the headers and the blank line that ends them.
void write_head(const response& answer, const head_context& context, std::string& head);

/// `Keep-Alive: timeout=N` with its line end, or an empty text for less than a second. It tells clients how
/// long they may keep an idle connection, so that none sends a request while the server closes.
std::string keep_alive_line_for(std::chrono::milliseconds idle_timeout);

/// Whether the status allows a body (RFC 9110, 6.4.1).
bool may_have_body(unsigned status) noexcept;

} // namespace winnow::http
