#pragma once

#include "http/server.hpp"
#include "raw_client.hpp"

#include <boost/test/unit_test.hpp>
#include <mutex>
#include <string>
#include <vector>

namespace winnow::http::test {

/// A copy of an exchange.
struct seen_exchange {
  std::string route, method, target, request_id, client, token, cut;
  unsigned status = 0;
  std::size_t bytes = 0;
};

/// Routes that echo what they receive:
/// - GET /health answers `ok`;
/// - GET /echo/{value} answers the query parameter `q`, or the decoded value if there is none;
/// - POST /json requires a JSON body and echoes it;
/// - POST /any echoes a body of any type, which may be empty;
/// - GET /throw throws.
std::shared_ptr<router> test_routes();

inline route simple_route(std::string method, std::string pattern, handler handle) {
  route made;
  made.method = std::move(method);
  made.pattern = std::move(pattern);
  made.handle = std::move(handle);
  return made;
}

inline response text(std::string body) {
  response made;
  made.content_type = "text/plain";
  made.body = std::move(body);
  return made;
}

/// Settings for a server on a free loopback port.
inline http_settings local() {
  http_settings settings;
  settings.host = "127.0.0.1";
  settings.port = 0;
  return settings;
}

/// A listening server that records its exchanges.
class running_server {
public:
  explicit running_server(const http_settings& settings = local(),
                          std::shared_ptr<const router> routes = test_routes(), std::size_t threads = 1,
                          security guard = {})
      : server_(settings, std::move(routes), watch(), threads, std::move(guard)) {
    const auto port = server_.listen();
    BOOST_REQUIRE_MESSAGE(port, "listen: " << (port ? std::string() : port.error().message));
    port_ = *port;
  }

  server& operator*() { return server_; }
  server* operator->() { return &server_; }
  std::uint16_t port() const { return port_; }

  std::vector<seen_exchange> exchanges() const {
    const std::lock_guard lock(mutex_);
    return exchanges_;
  }

  /// `client REASON` and `handshake REASON` for each.
  std::vector<std::string> refusals() const {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }

private:
  observer watch() {
    return {[this](const exchange& done) {
              const std::lock_guard lock(mutex_);
              exchanges_.push_back({std::string(done.route), std::string(done.method),
                                    std::string(done.target), std::string(done.request_id),
                                    std::string(done.client), std::string(done.token), std::string(done.cut),
                                    done.status, done.bytes});
            },
            {},
            [this](std::string_view reason) { note("client " + std::string(reason)); },
            [this](std::string_view reason) { note("handshake " + std::string(reason)); }};
  }

  void note(std::string refused) {
    const std::lock_guard lock(mutex_);
    refusals_.push_back(std::move(refused));
  }

  mutable std::mutex mutex_;
  std::vector<seen_exchange> exchanges_;
  std::vector<std::string> refusals_;
  server server_;
  std::uint16_t port_ = 0;
};

} // namespace winnow::http::test
