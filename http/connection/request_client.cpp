#include "http/connection/request_client.hpp"

#include "http/access/bearer.hpp"
#include "http/connection/client_address.hpp"
#include "http/connection/peer_name.hpp"

namespace winnow::http {

namespace {

bool is_trusted(const std::optional<ip_bytes>& address, const network_list& proxies) {
  return address && proxies.contains(*address);
}

/// Unlike for the limit of connections, this machine is a client like others.
std::string name_of(const std::optional<ip_bytes>& address) {
  return address ? counted_name(*address) : std::string("unix");
}

} // namespace

request_client::request_client(const stream_socket& socket, server_state& shared)
    : shared_(shared), peer_(peer_name(socket)), address_(peer_address(socket)),
      is_here_(address_ && is_own_machine(*address_)),
      is_proxy_(is_trusted(address_, shared.trusted_proxies)),
      is_checked_(is_proxy_ || shared.guard.tokens || shared.rates.is_on()), name_(peer_),
      limited_(name_of(address_)) {}

std::optional<response> request_client::refuse(const incoming_request& asked, const route* target,
                                               bool spare) {
  const bool is_probe = target != nullptr && target->always;
  token_.clear();
  const bool has_place = identify(asked);
  if (!is_probe && (!has_place || spare))
    return error_response({fault::overloaded, "too many connections"});
  std::optional<response> refusal;
  const bool is_open =
      shared_.settings.open_probes && (is_probe || (target != nullptr && target->without_token));
  if (shared_.guard.tokens && !is_open && asked.seen.method != "OPTIONS")
    refusal = refuse_token(asked);
  if (!is_probe && shared_.rates.is_on())
    if (auto too_fast = refuse_rate()) // who guesses tokens is counted, too
      return too_fast;
  return refusal;
}

std::optional<response> request_client::refuse_token(const incoming_request& asked) {
  const auto secret = bearer_token(asked.seen.authorization);
  const auto tokens = shared_.guard.tokens->current(); // held: they may be replaced at any time
  const auto* const token = tokens->find(secret);
  const auto refuse_with = [&](unsigned status, const char* reason, const char* message) {
    shared_.refused_client(reason);
    response refusal = json_error(status, message);
    if (status == 401)
      refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refusal;
  };
  if (secret.empty())
    return refuse_with(401, "no_token", "expected a token as Authorization: Bearer …");
  if (token == nullptr)
    return refuse_with(401, "unknown_token", "the token in the Authorization header is unknown");
  token_ = token->name;
  const std::string& method = asked.seen.method;
  if (!token->full && method != "GET" && method != "HEAD")
    return refuse_with(403, "read_only_token", "this token may only read, so it allows GET and HEAD alone");
  return std::nullopt;
}

std::optional<response> request_client::refuse_rate() {
  const auto wait = shared_.rates.take(token_.empty() ? "address " + limited_ : "token " + token_,
                                       request_rates::clock::now());
  if (!wait)
    return std::nullopt;
  shared_.refused_client("rate");
  response refusal = json_error(429, "too many requests of this client; see Retry-After");
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
  refusal.headers.emplace_back("Retry-After", std::to_string(seconds));
  return refusal;
}

void request_client::leave() {
  if (!is_checked_)
    return; // nothing was learned
  place_.leave();
  token_.clear();
  name_ = peer_;
}

bool request_client::is_here(const incoming_request& asked) const {
  if (asked.x_forwarded_for.empty() && asked.forwarded.empty())
    return is_here_;
  const auto named =
      parse_ip(forwarded_client(asked.x_forwarded_for, asked.forwarded, shared_.trusted_proxies));
  return is_here_ && is_proxy_ && named && is_own_machine(*named);
}

bool request_client::identify(const incoming_request& asked) {
  if (!is_proxy_)
    return true;
  const auto named = forwarded_client(asked.x_forwarded_for, asked.forwarded, shared_.trusted_proxies);
  auto address = parse_ip(named);
  name_ = address ? named : peer_;
  if (!address) // the peer asks for itself
    address = address_;
  limited_ = name_of(address);
  const auto limited = address ? limited_name(*address) : std::string();
  if (limited.empty())
    return true;
  place_ = shared_.places.take(limited);
  return place_.is_held();
}

} // namespace winnow::http
