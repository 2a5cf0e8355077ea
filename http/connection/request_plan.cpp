#include "http/connection/request_plan.hpp"

#include "http/negotiation.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <array>

namespace winnow::http {

namespace {

bool is_known(std::string_view method) {
  constexpr std::array<std::string_view, 7> known{"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"};
  return std::find(known.begin(), known.end(), method) != known.end();
}

response answer_options(const incoming_request& asked, std::string_view allow, const cors_policy& cors) {
  response answer;
  answer.status = 204;
  if (!allow.empty())
    answer.headers.emplace_back("Allow", allow);
  cors.answer_preflight(asked, allow, answer);
  return answer;
}

response refuse_method(std::string_view method, std::string_view allow) {
  response answer =
      json_error(405, std::string(method) + " is not allowed here; allowed are " + std::string(allow));
  answer.headers.emplace_back("Allow", allow);
  return answer;
}

/// The path without the slashes at its end. FastAPI ignores all of them.
std::string_view without_end_slashes(std::string_view path) {
  return path.substr(0, path.find_last_not_of('/') + 1);
}

/// 307 keeps method and body. The target is no longer than the limit, and its path begins with one slash:
/// with two, the location would name another host.
response redirect(std::string_view path, std::string_view target) {
  response answer;
  answer.status = 307;
  answer.headers.emplace_back("Location", path);
  if (const auto query = target.find('?'); query != std::string_view::npos)
    answer.headers.back().second += target.substr(query);
  return answer;
}

/// Returns nullopt if the route accepts the body that the headers announce.
std::optional<response> refuse_body(const incoming_request& asked, const route& target) {
  if (!asked.expect.empty() && !equal_ignoring_case(asked.expect, "100-continue"))
    return json_error(417, "the only supported expectation is 100-continue");
  if (!target.request_body)
    return std::nullopt;
  const bool is_strict = target.request_body->required && !target.request_body->checked_by_handler;
  if (is_strict && !asked.declares_body)
    return json_error(411, "a body with a Content-Length or Transfer-Encoding is required");
  if (asked.has_body && !asked.content_encoding.empty() &&
      !equal_ignoring_case(asked.content_encoding, "identity")) {
    response answer =
        json_error(415, "the body must not be encoded, got Content-Encoding " + asked.content_encoding);
    answer.headers.emplace_back("Accept-Encoding", "identity"); // RFC 9110, 15.5.16
    return answer;
  }
  // Old clients send all kinds of bodies where none was wanted, and curl sends any as a form: handlers
  // decide.
  const std::string& type = asked.seen.content_type;
  if (is_strict && asked.has_body && !type.empty() && !is_json(type))
    return json_error(415, "the body must be application/json, got " + type);
  return std::nullopt;
}

} // namespace

request_plan plan_request(const incoming_request& asked, const router& routes, const cors_policy& cors) {
  request_plan made;
  const std::string& method = asked.seen.method;
  if (!is_known(method)) {
    made.answer = json_error(501, "the method " + method + " is not implemented");
    return made;
  }
  if (asked.target == "*") {
    made.answer = answer_options(asked, {}, cors);
    return made;
  }
  const std::string_view path = asked.seen.path;
  route_match match = routes.match(method, path);
  if (match.what == route_match::outcome::not_found && path.size() > 1 && path.back() == '/') {
    const std::string_view shorter = without_end_slashes(path);
    if (!shorter.empty())
      match = routes.match(method, shorter);
    // A preflight must not be redirected (Fetch, 4.8), so OPTIONS is answered here.
    if (match.what != route_match::outcome::not_found && method != "OPTIONS") {
      made.pattern = match.pattern;
      made.target = match.found;
      made.answer = redirect(shorter, asked.target);
      return made;
    }
  }
  if (!match.pattern.empty())
    made.pattern = match.pattern;
  switch (match.what) {
  case route_match::outcome::found:
    made.target = match.found;
    made.parameters = std::move(match.parameters);
    made.answer = refuse_body(asked, *match.found);
    break;
  case route_match::outcome::bad_path:
    made.answer = json_error(400, "the path contains a malformed percent-encoding or a NUL");
    break;
  case route_match::outcome::not_found:
    made.answer = json_error(404, "there is nothing at " + asked.seen.path);
    break;
  case route_match::outcome::method_not_allowed:
    made.answer =
        method == "OPTIONS" ? answer_options(asked, match.allow, cors) : refuse_method(method, match.allow);
    break;
  }
  return made;
}

} // namespace winnow::http
