#include "../running_server.hpp"
#include "http/access/bearer.hpp"
#include "http/openapi.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

#include <fstream>

using namespace winnow;
using namespace winnow::http;
using namespace winnow::http::test;

namespace {

const std::string full = "full-0123456789abcdef";
const std::string reader = "read-0123456789abcdef";

std::shared_ptr<router> routes_with_probe() {
  auto routes = test_routes();
  route probe =
      simple_route("GET", "/livez", [](const request&, const responder& respond) { respond(text("ok")); });
  probe.always = true;
  routes->add(std::move(probe));
  return routes;
}

security guarded(const winnow::test::temp_dir& directory) {
  const auto path = directory.path() + "/tokens";
  std::ofstream(path) << "shop full " << full << "\nboard read " << reader << "\n";
  return {nullptr, token_file::open(path).value()};
}

std::string asking(const std::string& first, const std::string& token, const std::string& further = {}) {
  return first + " HTTP/1.1\r\nHost: h\r\n" +
         (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + further + "\r\n";
}

raw_answer answer_to(const running_server& server, const std::string& bytes) {
  raw_client client(server.port());
  client.send(bytes);
  return client.receive();
}

} // namespace

BOOST_AUTO_TEST_SUITE(tokens_and_rates)

BOOST_AUTO_TEST_CASE(requests_need_a_token_that_allows_them) {
  const winnow::test::temp_dir directory;
  const running_server server(local(), routes_with_probe(), 1, guarded(directory));
  const auto status = [&](const std::string& first, const std::string& token) {
    return answer_to(server, asking(first, token, first[0] == 'P' ? "Content-Length: 0\r\n" : "")).status;
  };
  BOOST_TEST(status("GET /echo/a", full) == 200u);
  BOOST_TEST(status("GET /echo/a", reader) == 200u);
  BOOST_TEST(status("POST /any", full) == 200u);
  BOOST_TEST(status("POST /any", reader) == 403u);
  BOOST_TEST(status("GET /livez", "") == 200u);
  BOOST_TEST(status("OPTIONS /any", "") == 204u); // browsers send no token with a preflight
  for (const char* path : {"/echo/a", "/nowhere", "/echo/a/", "/%zz"})
    BOOST_TEST(status(std::string("GET ") + path, "") == 401u, path);
  const auto refused = answer_to(server, asking("GET /echo/a", full + "x"));
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(refused.header("WWW-Authenticate") == "Bearer");
  BOOST_TEST(refused.body.find(full) == std::string::npos);
  const auto reasons = server.refusals();
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "client read_only_token") == 1);
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "client no_token") == 4);
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "client unknown_token") == 1);
  BOOST_TEST(server.exchanges().front().token == "shop");
}

BOOST_AUTO_TEST_CASE(a_malformed_request_is_not_reported_as_that_of_the_client_before_it) {
  const winnow::test::temp_dir directory;
  auto settings = local();
  settings.trusted_proxies = "127.0.0.1";
  const running_server server(settings, routes_with_probe(), 1, guarded(directory));
  raw_client client(server.port());
  BOOST_TEST(client.ask(asking("GET /echo/a", full, "X-Forwarded-For: 192.0.2.7\r\n")).status == 200u);
  BOOST_TEST(client.ask("malformed\r\n\r\n").status == 400u);
  BOOST_REQUIRE(winnow::test::wait_until([&] { return server.exchanges().size() == 2; }));
  const auto done = server.exchanges();
  BOOST_TEST(done[0].client == "192.0.2.7");
  BOOST_TEST(done[0].token == "shop");
  BOOST_TEST(done[1].client.find("127.0.0.1:") == 0u, done[1].client);
  BOOST_TEST(done[1].token == "");
}

BOOST_AUTO_TEST_CASE(tokens_in_targets_are_masked) {
  const auto masked = [](std::string_view target) {
    return without_access_token(target).value_or("as it is");
  };
  BOOST_TEST(masked("/popular?access_token=abc") == "/popular?access_token=***");
  BOOST_TEST(masked("/a?x=1&access_token=abc&y=2&access_token=") ==
             "/a?x=1&access_token=***&y=2&access_token=***");
  BOOST_TEST(masked("/a?q=access_token=abc") == "/a?q=access_token=abc");
  BOOST_TEST(masked("/access_token=abc?b") == "/access_token=abc?b");
  BOOST_TEST(masked("/a?x=1") == "as it is");
  const running_server server;
  BOOST_TEST(
      answer_to(server, asking("GET /echo/a?access_token=" + full, "", "Connection: close\r\n")).status ==
      200u);
  BOOST_TEST(winnow::test::wait_until([&] { return server.exchanges().size() == 1; }));
  BOOST_TEST(server.exchanges()[0].target == "/echo/a?access_token=***");
}

BOOST_AUTO_TEST_CASE(the_body_of_a_refused_request_is_not_waited_for) {
  const winnow::test::temp_dir directory;
  const running_server server(local(), routes_with_probe(), 1, guarded(directory));
  const auto refused = answer_to(server, asking("POST /any", "", "Content-Length: 1000\r\n"));
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(refused.header("Connection") == "close");
  const auto expecting =
      answer_to(server, asking("POST /any", "", "Content-Length: 10\r\nExpect: 100-continue\r\n"));
  BOOST_TEST(expecting.status == 401u);
}

BOOST_AUTO_TEST_CASE(an_open_probe_with_a_slash_too_many_is_redirected) {
  const winnow::test::temp_dir directory;
  const running_server server(local(), routes_with_probe(), 1, guarded(directory));
  const auto answer = answer_to(server, asking("GET /livez/", ""));
  BOOST_TEST(answer.status == 307u);
  BOOST_TEST(answer.header("Location") == "/livez");
  BOOST_TEST(answer_to(server, asking("HEAD /livez/", "")).status == 307u);
  BOOST_TEST(answer_to(server, asking("POST /livez/", "")).status == 401u); // as without the slash
  BOOST_TEST(answer_to(server, asking("GET /echo/a/", "")).status == 401u);
  BOOST_TEST(answer_to(server, asking("GET /echo/a/", reader)).status == 307u);
}

BOOST_AUTO_TEST_CASE(the_page_of_the_description_opens_in_a_browser_and_the_description_needs_a_token) {
  const winnow::test::temp_dir directory;
  const auto routes = test_routes();
  add_documentation(*routes, {});
  const running_server server(local(), routes, 1, guarded(directory));
  for (const char* page : {"GET /docs", "GET /redoc"})
    BOOST_TEST(answer_to(server, asking(page, "")).status == 200u, page);
  BOOST_TEST(answer_to(server, asking("GET /docs/", "")).status == 307u);
  BOOST_TEST(answer_to(server, asking("GET /openapi.json", "")).status == 401u);
  BOOST_TEST(answer_to(server, asking("GET /openapi.json", reader)).status == 200u);
  auto closed = local();
  closed.open_probes = false;
  const running_server other(closed, routes, 1, guarded(directory));
  BOOST_TEST(answer_to(other, asking("GET /docs", "")).status == 401u);
  BOOST_TEST(answer_to(other, asking("GET /docs", reader)).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_page_of_the_description_has_a_rate_like_others) {
  const winnow::test::temp_dir directory;
  const auto routes = test_routes();
  add_documentation(*routes, {});
  auto settings = local();
  settings.rate_limit = 1;
  settings.rate_burst = 1;
  const running_server server(settings, routes, 1, guarded(directory));
  for (const auto expected : {200u, 429u})
    BOOST_TEST(answer_to(server, asking("GET /docs", "")).status == expected);
}

BOOST_AUTO_TEST_CASE(probes_need_a_token_if_they_are_not_open) {
  const winnow::test::temp_dir directory;
  auto settings = local();
  settings.open_probes = false;
  const running_server server(settings, routes_with_probe(), 1, guarded(directory));
  BOOST_TEST(answer_to(server, asking("GET /livez", "")).status == 401u);
  BOOST_TEST(answer_to(server, asking("GET /livez/", "")).status == 401u);
  BOOST_TEST(answer_to(server, asking("GET /livez", reader)).status == 200u);
}

BOOST_AUTO_TEST_CASE(too_many_requests_of_a_client_get_429) {
  auto settings = local();
  settings.rate_limit = 1;
  settings.rate_burst = 2;
  settings.trusted_proxies = "127.0.0.1";
  const running_server server(settings, routes_with_probe());
  raw_client client(server.port());
  const auto status = [&](const std::string& path, const std::string& from) {
    client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + from + "\r\n\r\n");
    return client.receive();
  };
  BOOST_TEST(status("/echo/a", "192.0.2.1").status == 200u);
  BOOST_TEST(status("/echo/a", "192.0.2.1").status == 200u);
  const auto refused = status("/echo/a", "192.0.2.1");
  BOOST_TEST(refused.status == 429u);
  BOOST_TEST(refused.header("Retry-After") == "1");
  BOOST_TEST(status("/echo/a", "192.0.2.2").status == 200u); // on the same connection
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(status("/livez", "192.0.2.1").status == 200u);
  BOOST_TEST(server.refusals() == std::vector<std::string>{"client rate"});
}

BOOST_AUTO_TEST_CASE(who_guesses_tokens_is_limited_too) {
  const winnow::test::temp_dir directory;
  auto settings = local();
  settings.rate_limit = 1;
  settings.rate_burst = 2;
  const running_server server(settings, routes_with_probe(), 1, guarded(directory));
  for (const auto expected : {401u, 401u, 429u, 429u})
    BOOST_TEST(answer_to(server, asking("GET /echo/a", full + "x")).status == expected);
  BOOST_TEST(answer_to(server, asking("GET /echo/a", full)).status == 200u); // has a rate of its own
}

BOOST_AUTO_TEST_CASE(a_trusted_peer_that_names_no_client_is_one_itself) {
  const std::vector<std::string> headers{"", "X-Forwarded-For: unknown\r\n", "X-Forwarded-For: \r\n",
                                         "Forwarded: for=_hidden\r\n", "Forwarded: proto=https\r\n"};
  auto settings = local();
  settings.rate_limit = 1;
  settings.rate_burst = headers.size();
  settings.trusted_proxies = "127.0.0.0/8";
  const running_server server(settings, routes_with_probe());
  const auto status = [&](const std::string& header) { // each on a connection of its own
    return answer_to(server, asking("GET /echo/a", "", header)).status;
  };
  for (const auto& header : headers)
    BOOST_TEST(status(header) == 200u, header);
  for (const auto& header : headers)
    BOOST_TEST(status(header) == 429u, header);
  BOOST_TEST(status("X-Forwarded-For: 192.0.2.1\r\n") == 200u);
}

BOOST_AUTO_TEST_CASE(the_limit_counts_by_token_if_there_is_one) {
  const winnow::test::temp_dir directory;
  auto settings = local();
  settings.rate_limit = 1;
  const running_server server(settings, routes_with_probe(), 1, guarded(directory));
  BOOST_TEST(answer_to(server, asking("GET /echo/a", full)).status == 200u);
  BOOST_TEST(answer_to(server, asking("GET /echo/a", full)).status == 429u);
  BOOST_TEST(answer_to(server, asking("GET /echo/a", reader)).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
