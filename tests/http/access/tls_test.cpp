#include "../running_server.hpp"
#include "http/event_stream.hpp"
#include "support/certificate.hpp"
#include "support/wait_until.hpp"
#include "tls_client.hpp"

#include <fstream>

using namespace winnow;
using namespace winnow::http;
using namespace winnow::http::test;
using winnow::test::certificate;
using winnow::test::wait_until;

namespace {

const std::string ask = "GET /echo/a HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string ask_last = "GET /echo/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

security with(const certificate& own, const std::string& client_ca = {}) {
  return {tls_identity::load({own.file(), {}, client_ca}).value(), nullptr};
}

bool succeeded(const std::string& answer) {
  return answer.find("HTTP/1.1 200") == 0;
}

std::string load_problem(const tls_files& files) {
  const auto loaded = tls_identity::load(files);
  return loaded ? "none" : loaded.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(requests_are_served_and_the_end_is_announced) {
  const certificate own;
  const running_server server(local(), test_routes(), 2, with(own));
  tls_client client(server.port(), own.file());
  BOOST_TEST(client.protocol() == "TLSv1.3");
  client.send(ask + ask); // pipelined
  BOOST_TEST(succeeded(client.receive()));
  BOOST_TEST(succeeded(client.receive()));
  client.send(ask_last);
  BOOST_TEST(succeeded(client.receive()));
  BOOST_TEST(client.end() == boost::asio::error::eof);
}

BOOST_AUTO_TEST_CASE(the_end_of_an_idle_connection_is_announced) {
  const certificate own;
  auto settings = local();
  settings.idle_timeout = std::chrono::milliseconds(80);
  running_server server(settings, test_routes(), 1, with(own));
  tls_client client(server.port(), own.file());
  client.send(ask);
  BOOST_TEST(succeeded(client.receive()));
  BOOST_TEST(client.end() == boost::asio::error::eof);
  BOOST_TEST(wait_until([&] { return server->counts().connections == 0U; }));
}

BOOST_AUTO_TEST_CASE(large_bodies_pass_in_both_directions) {
  const certificate own;
  auto settings = local();
  settings.max_body_bytes = 8u << 20;
  const running_server server(settings, test_routes(), 1, with(own));
  tls_client client(server.port(), own.file());
  const std::string body(5'000'000, 'x');
  for (int i = 0; i < 2; ++i) {
    client.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    const auto answer = client.receive();
    BOOST_TEST(succeeded(answer));
    BOOST_CHECK(answer.substr(answer.size() - body.size()) == body);
  }
}

BOOST_AUTO_TEST_CASE(the_server_asks_for_the_body_and_may_refuse_it) {
  const certificate own;
  const running_server server(local(), test_routes(), 1, with(own));
  tls_client client(server.port(), own.file());
  client.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(client.receive_until("\r\n\r\n").find("HTTP/1.1 100") == 0u);
  client.send("ok");
  BOOST_TEST(succeeded(client.receive()));
  client.send("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(client.receive().find("HTTP/1.1 404") == 0u);
  BOOST_TEST(client.end() == boost::asio::error::eof);
}

BOOST_AUTO_TEST_CASE(a_slow_request_gets_its_408) {
  const certificate own;
  auto settings = local();
  settings.header_timeout = std::chrono::milliseconds(300);
  const running_server server(settings, test_routes(), 1, with(own));
  tls_client client(server.port(), own.file());
  client.send("GET /echo/a HTT");
  BOOST_TEST(client.receive().find("HTTP/1.1 408") == 0u);
  BOOST_TEST(client.end() == boost::asio::error::eof);
}

BOOST_AUTO_TEST_CASE(events_are_streamed) {
  const certificate own;
  const auto events = std::make_shared<event_stream>();
  auto routes = test_routes();
  routes->add(simple_route("GET", "/stream", [events](const request&, const responder& respond) {
    respond(stream_response(events));
  }));
  const running_server server(local(), routes, 1, with(own));
  tls_client client(server.port(), own.file());
  client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  BOOST_TEST(succeeded(client.receive_until("\r\n\r\n")));
  for (const char* event : {"first", "second"}) {
    events->send("data: " + std::string(event) + "\n\n");
    BOOST_TEST(client.receive_until("\n\n").find(event) != std::string::npos);
  }
  events->end();
  BOOST_TEST(client.end() == boost::asio::error::eof);
}

BOOST_AUTO_TEST_CASE(a_new_certificate_is_for_new_connections) {
  const certificate own("first");
  const certificate later("second");
  const auto guard = with(own);
  const running_server server(local(), test_routes(), 1, guard);
  tls_client before(server.port(), own.file());
  BOOST_TEST(before.server_name() == "first");

  std::ofstream(own.file()) << "no certificate";
  BOOST_TEST(!guard.identity->reload());
  BOOST_TEST(succeeded((before.send(ask), before.receive())));

  std::ofstream(own.file(), std::ios::trunc) << std::ifstream(later.file()).rdbuf();
  BOOST_TEST(guard.identity->reload().has_value());
  BOOST_TEST(succeeded((before.send(ask), before.receive())));
  tls_client after(server.port(), later.file());
  BOOST_TEST(after.server_name() == "second");
  BOOST_TEST(succeeded((after.send(ask), after.receive())));
}

BOOST_AUTO_TEST_CASE(clients_may_need_a_certificate) {
  const certificate own;
  const certificate known("client");
  const certificate unknown("client");
  const running_server server(local(), test_routes(), 1, with(own, known.file()));
  tls_client client(server.port(), own.file(), known.file());
  BOOST_TEST(succeeded((client.send(ask), client.receive())));
  for (const auto& file : {std::string(), unknown.file()})
    BOOST_CHECK_THROW(
        {
          tls_client refused(server.port(), own.file(), file);
          refused.send(ask); // with TLS 1.3 the client learns it only now
          refused.receive();
        },
        boost::system::system_error);
  BOOST_CHECK(
      wait_until([&] { return server.refusals() == std::vector<std::string>(2, "handshake certificate"); }));
}

BOOST_AUTO_TEST_CASE(plain_http_is_told_to_use_tls) {
  const certificate own;
  const running_server server(local(), test_routes(), 1, with(own));
  raw_client client(server.port());
  const auto answer = client.ask(ask);
  BOOST_TEST(answer.status == 400u);
  BOOST_TEST(answer.body.find("HTTPS") != std::string::npos);
  BOOST_TEST(client.is_closed());
  BOOST_TEST(server.refusals() == std::vector<std::string>{"handshake not_tls"});
}

BOOST_AUTO_TEST_CASE(a_handshake_that_does_not_come_is_given_up) {
  const certificate own;
  auto settings = local();
  settings.header_timeout = std::chrono::milliseconds(50);
  running_server server(settings, test_routes(), 1, with(own));
  raw_client client(server.port());
  BOOST_TEST(client.is_closed());
  BOOST_TEST(server.refusals() == std::vector<std::string>{"handshake timeout"});
  BOOST_CHECK(wait_until([&] { return server->counts().connections == 0; }));
}

BOOST_AUTO_TEST_CASE(a_server_can_be_stopped_in_the_middle_of_everything) {
  const certificate own;
  for (int i = 0; i < 20; ++i) {
    running_server server(local(), test_routes(), 2, with(own));
    raw_client in_handshake(server.port());
    tls_client idle(server.port(), own.file());
    tls_client reading(server.port(), own.file());
    reading.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\nhalf");
    tls_client lingering(server.port(), own.file());
    lingering.send(ask_last);
    server->stop_accepting();
    server->stop();
  }
}

BOOST_AUTO_TEST_CASE(broken_files_are_named) {
  const certificate own;
  const certificate other;
  const winnow::test::temp_dir directory;
  const auto broken = directory.path() + "/broken.pem";
  std::ofstream(broken) << "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n";
  BOOST_TEST(load_problem({own.file(), {}, {}}) == "none");
  BOOST_TEST(load_problem({"/nowhere.pem", {}, {}}).find("/nowhere.pem") == 0u);
  BOOST_TEST(load_problem({broken, {}, {}}).find(broken + ": expected a certificate") == 0u);
  BOOST_TEST(load_problem({own.file(), other.file(), {}}).find(other.file() + ": expected the key of") == 0u);
  BOOST_TEST(load_problem({own.file(), broken, {}}).find(broken + ": expected the key of") == 0u);
  BOOST_TEST(load_problem({own.file(), {}, broken}).find(broken + ": expected certificates of auth") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
