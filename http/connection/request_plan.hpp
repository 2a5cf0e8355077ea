#pragma once

#include "http/connection/cors.hpp"
#include "http/connection/request_parser.hpp"
#include "http/router.hpp"

#include <optional>
#include <string_view>

namespace winnow::http {

/// How to answer a request, decided by its headers alone.
struct request_plan {
  const route* target = nullptr; ///< The route whose handler answers, or would after a redirect.
  name_values parameters;
  std::string_view pattern = "unmatched";
  std::optional<response>
      answer; ///< Set if the server answers in its place: a refusal, a redirect, or the answer to OPTIONS.
};

/// Finds the route, answers OPTIONS, redirects a path with a slash too many to the route without it (307),
/// and refuses requests that no handler should see, with 400, 404, 405, 411, 415, 417 or 501.
request_plan plan_request(const incoming_request& asked, const router& routes, const cors_policy& cors);

} // namespace winnow::http
