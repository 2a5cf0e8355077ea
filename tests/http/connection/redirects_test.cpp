#include "tests/http/running_server.hpp"

namespace winnow::http::test {

BOOST_AUTO_TEST_SUITE(redirects)

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_is_redirected) {
  const running_server server;
  raw_client client(server.port());
  const auto location = [&](std::string_view bytes) {
    const raw_answer answer = client.ask(bytes);
    BOOST_TEST(answer.status == 307U, bytes);
    BOOST_TEST(answer.header("Content-Length") == "0");
    return answer.header("Location");
  };
  BOOST_TEST(location(get("/health/")) == "/health");
  BOOST_TEST(location(get("/health///")) == "/health");
  BOOST_TEST(location(get("/health/?a=/b/&c")) == "/health?a=/b/&c");
  BOOST_TEST(location(get("/echo/a%20b%2F/")) == "/echo/a%20b%2F");
  BOOST_TEST(location(post("/json/", "{}")) == "/json");
  BOOST_TEST(location(post("/health/", "{}")) == "/health"); // As in FastAPI; the 405 follows there.
  BOOST_TEST(client.ask("HEAD /health/ HTTP/1.1\r\nHost: test\r\n\r\n", true).status == 307U);
  BOOST_TEST(
      client.ask(get("/health/", "Origin: https://shop.example\r\n")).has("Access-Control-Allow-Origin"));
  BOOST_TEST(server.exchanges().front().route == "/health");
}

BOOST_AUTO_TEST_CASE(other_paths_are_not) {
  const running_server server;
  raw_client client(server.port());
  for (const char* path : {"/", "//", "/echo/", "/nothing/", "//health/", "//evil.example/", "/health/x/"})
    BOOST_TEST(client.ask(get(path)).status == 404U, path);
  BOOST_TEST(client.ask(get("/echo/%zz/")).status == 400U);
}

BOOST_AUTO_TEST_CASE(a_preflight_is_answered_where_it_was_sent) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer =
      client.ask("OPTIONS /json/ HTTP/1.1\r\nHost: test\r\nOrigin: https://shop.example\r\n"
                 "Access-Control-Request-Method: POST\r\n\r\n");
  BOOST_TEST(answer.status == 204U);
  BOOST_TEST(answer.header("Access-Control-Allow-Methods") == "OPTIONS, POST");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
