#include "tools/winnowctl/admin_client.hpp"

#include "http/client/client_exchange.hpp"

#include <utility>

namespace winnow {

namespace {

namespace beast = boost::beast;

constexpr std::uint64_t longest_answer = 64u << 20;

/// `host:port`, without a scheme.
std::string host_of(admin_address where) {
  where.tls = false;
  return where.unix_path.empty() ? to_string(where) : "localhost";
}

http::server_contact contact_of(const admin_access& daemon, std::chrono::seconds patience) {
  http::server_contact server;
  server.name = "no winnowd answers at " + to_string(daemon.where);
  server.host = daemon.where.host;
  server.port = daemon.where.port;
  server.unix_path = daemon.where.unix_path;
  server.tls = daemon.where.tls;
  server.ca = daemon.ca;
  server.limit = patience;
  server.longest_answer = longest_answer;
  return server;
}

} // namespace

result<admin_answer> ask_daemon(const admin_access& daemon, const std::string& method,
                                const std::string& target, std::chrono::seconds patience) {
  http::client_request request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(beast::http::field::host, host_of(daemon.where));
  request.set(beast::http::field::connection, "close");
  request.set(beast::http::field::user_agent, "winnowctl");
  if (!daemon.token.empty())
    request.set(beast::http::field::authorization, "Bearer " + daemon.token);
  auto answer = http::exchange_with(contact_of(daemon, patience), request);
  if (!answer)
    return tl::unexpected<error>(std::move(answer.error()));
  return admin_answer{answer->result_int(), std::move(answer->body())};
}

} // namespace winnow
