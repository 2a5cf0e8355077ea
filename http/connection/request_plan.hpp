#pragma once

#include "http/connection/cors.hpp"
#include "http/connection/request_parser.hpp"
#include "http/router.hpp"

#include <optional>
#include <string_view>

namespace winnow::http {

/// What is to be done with a request, known from its headers alone.
struct request_plan {
  const route* target = nullptr; ///< Its handler answers, unless `answer` is set.
  name_values parameters;
  std::string_view pattern = "unmatched";
  std::optional<response> answer; ///< The server's own: a refusal, or the answer to OPTIONS.
};

/// Finds the route, answers OPTIONS, and refuses what no handler should see: 400, 404, 405, 411, 415, 417,
/// 501.
request_plan plan_request(const incoming_request& asked, const router& routes, const cors_policy& cors);

} // namespace winnow::http
