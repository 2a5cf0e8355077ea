#include "http/connection/cors.hpp"

#include "http/text.hpp"

#include <algorithm>

namespace winnow::http {

namespace {

constexpr std::string_view usual_headers =
    "Accept, Authorization, Content-Type, Prefer, X-Request-ID, traceparent, "
    "tracestate";

/// Whether `text` is a list of header names that is safe to echo.
bool is_name_list(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 1024 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-_, ").find(c) != std::string_view::npos;
  });
}

/// Whether a request with this method changes data, so that a page needs to be trusted to send it.
bool is_write(std::string_view method) noexcept {
  return method == "PUT" || method == "DELETE" || method == "PATCH";
}

/// `methods`, a list separated by commas, without writes.
std::string without_writes(std::string_view methods) {
  std::string rest;
  while (!methods.empty()) {
    const std::string_view method = next_part(methods, ',');
    if (!is_write(method))
      rest.append(rest.empty() ? "" : ", ").append(method);
  }
  return rest;
}

/// An origin as browsers send it: lower case, without the default port.
std::string as_sent(std::string_view origin) {
  std::string text(origin);
  std::transform(text.begin(), text.end(), text.begin(), lower);
  for (const auto& [scheme, port] : {std::pair("http://", ":80"), std::pair("https://", ":443")}) {
    const std::string_view suffix(port);
    if (text.rfind(scheme, 0) == 0 && text.size() > suffix.size() &&
        text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0)
      text.resize(text.size() - suffix.size());
  }
  return text;
}

} // namespace

cors_policy::cors_policy(std::string_view origins) {
  while (!origins.empty()) {
    const std::string_view origin = next_part(origins, ',');
    if (origin == "*")
      any_ = true;
    else if (!origin.empty())
      origins_.push_back(as_sent(origin));
  }
}

bool cors_policy::allows(std::string_view origin, std::string_view method) const {
  if (origin.empty())
    return false;
  return any_ ? !is_write(method) : std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void cors_policy::append(std::string_view origin, std::string_view method, std::string& head) const {
  // Caches must know that the answer depends on the origin, even if this origin is not allowed.
  if (!any_ && !origins_.empty())
    head += "Vary: Origin\r\n";
  if (!allows(origin, method))
    return;
  head += "Access-Control-Allow-Origin: ";
  head += any_ ? std::string_view("*") : origin;
  if (!any_) // Browsers refuse credentials together with `*`, and rightly.
    head += "\r\nAccess-Control-Allow-Credentials: true";
  head += "\r\nAccess-Control-Expose-Headers: Retry-After, X-Request-ID, traceparent, tracestate\r\n";
}

void cors_policy::answer_preflight(const incoming_request& asked, std::string_view methods,
                                   response& answer) const {
  if (asked.preflight_method.empty() || !allows(asked.origin, asked.preflight_method))
    return;
  const std::string& headers = asked.preflight_headers;
  answer.headers.emplace_back("Access-Control-Allow-Methods",
                              any_ ? without_writes(methods) : std::string(methods));
  answer.headers.emplace_back("Access-Control-Allow-Headers",
                              is_name_list(headers) ? std::string_view(headers) : usual_headers);
  answer.headers.emplace_back("Access-Control-Max-Age", "600");
}

} // namespace winnow::http
