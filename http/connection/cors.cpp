#include "http/connection/cors.hpp"

#include "http/text.hpp"

#include <algorithm>

namespace winnow::http {

namespace {

constexpr std::string_view usual_headers = "Accept, Authorization, Content-Type, Prefer, X-Request-ID";

/// Whether `text` is a list of header names that is safe to echo.
bool is_name_list(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 1024 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-_, ").find(c) != std::string_view::npos;
  });
}

} // namespace

cors_policy::cors_policy(std::string_view origins) {
  while (!origins.empty()) {
    const std::string_view origin = next_part(origins, ',');
    if (origin == "*")
      any_ = true;
    else if (!origin.empty())
      origins_.emplace_back(origin);
  }
}

bool cors_policy::allows(std::string_view origin) const {
  return !origin.empty() && (any_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end());
}

void cors_policy::append(std::string_view origin, std::string& head) const {
  // Caches must know that the answer depends on the origin, even if this origin is not allowed.
  if (!any_ && !origins_.empty())
    head += "Vary: Origin\r\n";
  if (!allows(origin))
    return;
  head += "Access-Control-Allow-Origin: ";
  head += any_ ? std::string_view("*") : origin;
  head += "\r\nAccess-Control-Expose-Headers: Retry-After, X-Request-ID\r\n";
}

void cors_policy::answer_preflight(const incoming_request& asked, std::string_view methods,
                                   response& answer) const {
  if (!allows(asked.origin) || asked.preflight_method.empty())
    return;
  const std::string& headers = asked.preflight_headers;
  answer.headers.emplace_back("Access-Control-Allow-Methods", methods);
  answer.headers.emplace_back("Access-Control-Allow-Headers",
                              is_name_list(headers) ? std::string_view(headers) : usual_headers);
  answer.headers.emplace_back("Access-Control-Max-Age", "600");
}

} // namespace winnow::http
