#pragma once

#include "http/connection/cors.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>

namespace winnow::http {

/// What the head of an answer depends on besides the answer.
struct head_context {
  const cors_policy& cors;
  std::string_view date;
  std::string_view request_id;
  std::string_view origin;
  bool http_1_0 = false;
  bool keep_alive = true;
};

/// Overwrites `head` with the status line, the headers and the blank line that ends them.
void write_head(const response& answer, const head_context& context, std::string& head);

/// Whether the status allows a body (RFC 9110, 6.4.1).
bool may_have_body(unsigned status) noexcept;

} // namespace winnow::http
