#include "http/access_policy.hpp"

#include "config/settings/admin_address.hpp"
#include "http/text.hpp"

namespace winnow::http {

namespace {

std::string host_of(std::string_view host_and_port) {
  if (!host_and_port.empty() && host_and_port.front() == '[')
    return std::string(host_and_port.substr(1, host_and_port.find(']') - 1));
  return std::string(host_and_port.substr(0, host_and_port.find(':')));
}

/// Compares in constant time: the duration must not reveal how much of a token is right.
bool same_secret(std::string_view a, std::string_view b) {
  std::size_t differs = a.size() ^ b.size();
  for (std::size_t i = 0; i < a.size(); ++i)
    differs |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(i < b.size() ? b[i] : 0);
  return differs == 0;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  const auto separator = origin.find("://");
  return separator != std::string_view::npos && equal_ignoring_case(origin.substr(separator + 3), host);
}

} // namespace

bool access_policy::bears_token(const request& asked) const {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = asked.authorization;
  return token_.empty() || (equal_ignoring_case(given.substr(0, scheme.size()), scheme) &&
                            same_secret(trimmed(given.substr(scheme.size())), token_));
}

std::optional<response> access_policy::refuse_page(const request& asked) const {
  if (local_only_ && !is_loopback(host_of(asked.host)))
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
    response answer = json_error(401, "expected the admin token as Authorization: Bearer …");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
  }
  return std::nullopt;
}

} // namespace winnow::http
