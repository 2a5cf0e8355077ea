#include "tests/http/running_server.hpp"

namespace winnow::http::test {

namespace {

http_settings allowing(std::string origins) {
  http_settings settings = local();
  settings.cors_origins = std::move(origins);
  return settings;
}

std::string preflight(std::string_view origin, std::string_view lines = {}) {
  std::string bytes =
      "OPTIONS /json HTTP/1.1\r\nHost: test\r\nAccess-Control-Request-Method: POST\r\nOrigin: ";
  return bytes.append(origin).append("\r\n").append(lines).append("\r\n");
}

} // namespace

BOOST_AUTO_TEST_SUITE(cors)

BOOST_AUTO_TEST_CASE(options_lists_the_methods) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer = client.ask("OPTIONS /health HTTP/1.1\r\nHost: test\r\n\r\n");
  BOOST_TEST(answer.status == 204U);
  BOOST_TEST(answer.header("Allow") == "OPTIONS, GET, HEAD");
  BOOST_TEST(!answer.has("Content-Length"));
  BOOST_TEST(client.ask("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n").status == 204U);
  BOOST_TEST(client.ask("OPTIONS /nothing HTTP/1.1\r\nHost: test\r\n\r\n").status == 404U);
}

BOOST_AUTO_TEST_CASE(any_origin_may_read_by_default) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer = client.ask(get("/health", "Origin: https://shop.example\r\n"));
  BOOST_TEST(answer.header("Access-Control-Allow-Origin") == "*");
  BOOST_TEST(answer.header("Access-Control-Expose-Headers") ==
             "Retry-After, X-Request-ID, traceparent, tracestate");
  BOOST_TEST(!answer.has("Access-Control-Allow-Credentials"));
  BOOST_TEST(!answer.has("Vary"));
  BOOST_TEST(
      client.ask(get("/nothing", "Origin: https://shop.example\r\n")).has("Access-Control-Allow-Origin"));
}

BOOST_AUTO_TEST_CASE(a_preflight_is_answered) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer = client.ask(preflight("https://shop.example"));
  BOOST_TEST(answer.status == 204U);
  BOOST_TEST(answer.header("Access-Control-Allow-Origin") == "*");
  BOOST_TEST(answer.header("Access-Control-Allow-Methods") == "OPTIONS, POST");
  BOOST_TEST(answer.header("Access-Control-Allow-Headers") ==
             "Accept, Authorization, Content-Type, Prefer, X-Request-ID, traceparent, tracestate");
  BOOST_TEST(answer.header("Access-Control-Max-Age") == "600");
  const raw_answer own =
      client.ask(preflight("https://shop.example", "Access-Control-Request-Headers: x-own, a\r\n"));
  BOOST_TEST(own.header("Access-Control-Allow-Headers") == "x-own, a");
}

BOOST_AUTO_TEST_CASE(a_list_restricts_the_origins) {
  const running_server server(allowing("https://shop.example, http://localhost:3000"));
  raw_client client(server.port());
  const raw_answer allowed = client.ask(get("/health", "Origin: http://localhost:3000\r\n"));
  BOOST_TEST(allowed.header("Access-Control-Allow-Origin") == "http://localhost:3000");
  BOOST_TEST(allowed.header("Vary") == "Origin");
  BOOST_TEST(allowed.header("Access-Control-Allow-Credentials") == "true");
  const raw_answer other = client.ask(get("/health", "Origin: https://evil.example\r\n"));
  BOOST_TEST(!other.has("Access-Control-Allow-Origin"));
  BOOST_TEST(other.header("Vary") == "Origin");
  BOOST_TEST(!client.ask(preflight("https://evil.example")).has("Access-Control-Allow-Methods"));
}

BOOST_AUTO_TEST_CASE(origins_are_compared_whole) {
  const running_server server(allowing("https://Shop.example:443, http://localhost:3000"));
  raw_client client(server.port());
  const auto allows = [&](std::string_view origin) {
    return client.ask(get("/health", "Origin: " + std::string(origin) + "\r\n"))
        .has("Access-Control-Allow-Origin");
  };
  BOOST_TEST(allows("https://shop.example"));
  for (const char* other : {"https://shop.example.evil.example", "https://shop.exampl", "http://shop.example",
                            "https://shop.example:8443", "http://localhost", "http://localhost:30001", "null",
                            "https://evil.example?https://shop.example"})
    BOOST_TEST(!allows(other), other);
}

BOOST_AUTO_TEST_CASE(any_page_may_not_write) {
  auto routes = test_routes();
  for (const char* method : {"PUT", "GET", "DELETE"})
    routes->add(
        simple_route(method, "/data", [](const request&, const responder& respond) { respond(text("")); }));
  const auto asking = [](std::string_view method) {
    return "OPTIONS /data HTTP/1.1\r\nHost: test\r\nOrigin: https://shop.example\r\n"
           "Access-Control-Request-Method: " +
           std::string(method) + "\r\n\r\n";
  };
  const std::string put =
      "PUT /data HTTP/1.1\r\nHost: test\r\nOrigin: https://shop.example\r\nContent-Length: 0\r\n\r\n";
  const running_server open(local(), routes);
  raw_client anyone(open.port());
  BOOST_TEST(anyone.ask(asking("GET")).header("Access-Control-Allow-Methods") == "OPTIONS, GET, HEAD");
  BOOST_TEST(!anyone.ask(asking("PUT")).has("Access-Control-Allow-Origin"));
  BOOST_TEST(!anyone.ask(asking("DELETE")).has("Access-Control-Allow-Methods"));
  BOOST_TEST(!anyone.ask(put).has("Access-Control-Allow-Origin"));

  const running_server listed(allowing("https://shop.example"), routes);
  raw_client trusted(listed.port());
  BOOST_TEST(trusted.ask(asking("PUT")).header("Access-Control-Allow-Methods") ==
             "OPTIONS, PUT, GET, HEAD, DELETE");
  BOOST_TEST(trusted.ask(asking("PUT")).header("Access-Control-Allow-Credentials") == "true");
  BOOST_TEST(trusted.ask(put).header("Access-Control-Allow-Origin") == "https://shop.example");
}

BOOST_AUTO_TEST_CASE(an_empty_setting_disables_cors) {
  const running_server server(allowing(""));
  raw_client client(server.port());
  const raw_answer answer = client.ask(preflight("https://shop.example"));
  BOOST_TEST(answer.status == 204U);
  BOOST_TEST(!answer.has("Access-Control-Allow-Origin"));
  BOOST_TEST(!answer.has("Vary"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
