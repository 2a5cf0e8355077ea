#include "http/client/http_post.hpp"

#include "http/client/client_exchange.hpp"

#include <utility>

namespace winnow::http {

namespace {

namespace beast = boost::beast;

constexpr std::uint64_t longest_answer = 64u << 10;

server_contact contact_of(const outgoing_post& what) {
  server_contact server;
  server.name = host_header(what.to);
  server.host = what.to.host;
  server.port = what.to.port;
  server.tls = what.to.tls;
  server.limit = what.limit;
  server.longest_answer = longest_answer;
  server.give_up = what.give_up;
  return server;
}

client_request request_of(const outgoing_post& what) {
  client_request request(beast::http::verb::post, what.to.path, 11);
  request.set(beast::http::field::host, host_header(what.to));
  request.set(beast::http::field::connection, "close");
  request.set(beast::http::field::user_agent, "winnow");
  request.set(beast::http::field::content_type, what.content_type);
  for (const auto& [name, value] : what.headers)
    request.set(name, value);
  request.body() = what.body;
  request.prepare_payload();
  return request;
}

} // namespace

result<post_reply> post(const outgoing_post& what) {
  auto answer = exchange_with(contact_of(what), request_of(what));
  if (!answer)
    return tl::unexpected<error>(std::move(answer.error()));
  const auto retry_after = (*answer)[beast::http::field::retry_after];
  return post_reply{answer->result_int(), std::move(answer->body()),
                    std::string(retry_after.data(), retry_after.size())};
}

} // namespace winnow::http
