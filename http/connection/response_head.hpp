#pragma once

#include "http/connection/cors.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>

namespace winnow::http {

/// What an answer's head says besides the answer itself.
struct head_context {
  const cors_policy& cors;
  std::string_view request_id;
  std::string_view origin;
  bool http_1_0 = false;
  bool keep_alive = true;
};

/// Writes the status line and headers, blank line included, over `head`.
void write_head(const response& answer, const head_context& context, std::string& head);

/// Whether the status allows a body (RFC 9110, 6.4.1).
bool may_have_body(unsigned status) noexcept;

} // namespace winnow::http
