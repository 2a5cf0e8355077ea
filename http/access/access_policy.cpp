#include "http/access/access_policy.hpp"

#include "config/settings/values/admin_address.hpp"
#include "http/access/bearer.hpp"
#include "http/text.hpp"

#include <algorithm>

namespace winnow::http {

namespace {

/// In lower case.
std::string host_of(std::string_view host_and_port) {
  const bool bracketed = !host_and_port.empty() && host_and_port.front() == '[';
  std::string host(bracketed ? host_and_port.substr(1, host_and_port.find(']') - 1)
                             : host_and_port.substr(0, host_and_port.find(':')));
  std::transform(host.begin(), host.end(), host.begin(), lower);
  return host;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  const auto separator = origin.find("://");
  return separator != std::string_view::npos && equal_ignoring_case(origin.substr(separator + 3), host);
}

} // namespace

bool access_policy::bears_token(const request& asked) const {
  const auto given = bearer_token(asked.authorization);
  return token_.empty() || same_secret(given, token_) ||
         (!other_token_.empty() && same_secret(given, other_token_));
}

bool names_this_machine(const request& asked) {
  return is_loopback(host_of(asked.host));
}

std::optional<response> access_policy::refuse_page(const request& asked) const {
  if (local_only_ && !names_this_machine(asked))
    return json_error(403, "this endpoint is local: Host must be a loopback name or address");
  return std::nullopt;
}

std::optional<response> access_policy::refuse(const request& asked) const {
  if (auto refusal = refuse_page(asked))
    return refusal;
  // A page of another origin can send a GET without an Origin, though it cannot read the answer. Browsers
  // mark such requests with Sec-Fetch-Site.
  const bool foreign = asked.fetch_site == "cross-site" || asked.fetch_site == "same-site";
  if (foreign || (!asked.origin.empty() && !is_own_origin(asked.origin, asked.host)))
    return json_error(403, "requests from web pages of other origins are refused");
  if (!bears_token(asked)) {
    response answer = json_error(401, advice_);
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
  }
  return std::nullopt;
}

} // namespace winnow::http
