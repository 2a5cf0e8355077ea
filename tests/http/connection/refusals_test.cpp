#include "tests/http/running_server.hpp"

#include <nlohmann/json.hpp>

namespace winnow::http::test {

using namespace std::string_view_literals;

namespace {

void check_error(const raw_answer& answer, unsigned status) {
  BOOST_TEST(answer.status == status);
  BOOST_TEST(answer.header("Content-Type") == "application/json");
  BOOST_TEST(!answer.header("X-Request-ID").empty());
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  BOOST_REQUIRE_MESSAGE(body.is_object(), answer.body);
  BOOST_TEST(body.size() == 2U);
  BOOST_TEST(body.value("status", "") == "error");
  BOOST_TEST(!body.value("message", "").empty());
}

/// Checks that a request is refused and the connection stays open.
void refuses(std::string_view bytes, unsigned status) {
  BOOST_TEST_CONTEXT(bytes.substr(0, 80)) {
    const running_server server;
    raw_client client(server.port());
    check_error(client.ask(bytes), status);
    BOOST_TEST(client.ask(get("/health")).status == 200U);
  }
}

/// Checks that a request is refused and the connection ends, because the following bytes cannot be trusted.
void refuses_and_closes(std::string_view bytes, unsigned status) {
  BOOST_TEST_CONTEXT(bytes.substr(0, 80)) {
    const running_server server;
    raw_client client(server.port());
    const raw_answer answer = client.ask(bytes);
    check_error(answer, status);
    BOOST_TEST(answer.header("Connection") == "close");
    BOOST_TEST(client.is_closed());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(unknown_paths_are_404) {
  refuses(get("/nothing"), 404);
  refuses(get("/health/x/"), 404);
  refuses(get("/"), 404);
  refuses(get("//"), 404);
  refuses(get("/echo/a/b"), 404);
  refuses(post("/nothing", "{}"), 404);
}

BOOST_AUTO_TEST_CASE(unknown_methods_are_405_or_501) {
  refuses(post("/health", "{}"), 405);
  refuses("DELETE /json HTTP/1.1\r\nHost: test\r\n\r\n", 405);
  refuses("BREW /health HTTP/1.1\r\nHost: test\r\n\r\n", 501);
  refuses("TRACE /health HTTP/1.1\r\nHost: test\r\n\r\n", 501);
  const running_server server;
  BOOST_TEST(raw_client(server.port()).ask(post("/health", "")).header("Allow") == "OPTIONS, GET, HEAD");
}

BOOST_AUTO_TEST_CASE(malformed_percent_encoding_is_400) {
  refuses(get("/echo/%zz"), 400);
  refuses(get("/echo/%4"), 400);
  refuses(get("/echo/a%00b"), 400);
  refuses_and_closes(get("/echo/a?q=%zz"), 400);
  refuses_and_closes(get("/echo/a?q=%00"), 400);
}

BOOST_AUTO_TEST_CASE(malformed_requests_are_400) {
  refuses_and_closes("GET\r\n\r\n", 400);
  refuses_and_closes("GET / \r\n\r\n", 400);
  refuses_and_closes("GET  / HTTP/1.1\r\nHost: test\r\n\r\n", 400);
  refuses_and_closes("GET / HTTP/x.1\r\nHost: test\r\n\r\n", 400);
  refuses_and_closes("GET / HTTP/1.1\r\nHost: test\r\nno colon\r\n\r\n", 400);
  refuses_and_closes("GET / HTTP/1.1\r\nHost: test\r\nName : value\r\n\r\n", 400);
  refuses_and_closes("GET / HTTP/1.1\r\nHost: test\r\nN\x01me: value\r\n\r\n", 400);
  refuses_and_closes("GET / HTTP/1.1\r\nHost: test\r\nName: a\0b\r\n\r\n"sv, 400);
  refuses_and_closes("GET /health#part HTTP/1.1\r\nHost: test\r\n\r\n", 400);
  refuses_and_closes("\x16\x03\x01\x02", 400); // The start of a TLS handshake.
}

BOOST_AUTO_TEST_CASE(other_versions_are_505) {
  refuses_and_closes("GET /health HTTP/2.0\r\nHost: test\r\n\r\n", 505);
  refuses_and_closes("GET /health HTTP/0.9\r\nHost: test\r\n\r\n", 505);
  refuses_and_closes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

BOOST_AUTO_TEST_CASE(bodies_are_checked_against_the_route) {
  refuses("POST /json HTTP/1.1\r\nHost: test\r\n\r\n", 411);
  refuses("POST /json HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n\r\na,b", 415);
  refuses("POST /json HTTP/1.1\r\nHost: test\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n[]", 415);
  refuses_and_closes("POST /any HTTP/1.1\r\nHost: test\r\nExpect: tea\r\nContent-Length: 3\r\n\r\na,b", 417);
}

BOOST_AUTO_TEST_CASE(large_bodies_are_413) {
  const std::string limit = std::to_string(local().max_body_bytes);
  const std::string over = std::to_string(local().max_body_bytes + 1);
  refuses_and_closes("POST /any HTTP/1.1\r\nHost: test\r\nContent-Length: " + over + "\r\n\r\n", 413);
  refuses_and_closes("POST /any HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                     400);
  refuses_and_closes("POST /any HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n", 413);
  const running_server server;
  raw_client client(server.port());
  const std::string body(local().max_body_bytes, 'x');
  BOOST_TEST(client.ask(post("/any", body)).body == body,
             "a body of exactly the limit is accepted: " << limit);
}

BOOST_AUTO_TEST_CASE(a_refused_upload_still_gets_its_answer) {
  const running_server server;
  raw_client client(server.port());
  client.send("POST /any HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\n" +
              std::string(100'000, 'x'));
  check_error(client.receive(), 413);
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(long_targets_are_414) {
  refuses_and_closes(get("/echo/" + std::string(4100, 'a')), 414);
  refuses_and_closes("GET /" + std::string(9000, 'a'), 414);
  const running_server server;
  raw_client client(server.port());
  const std::string longest(4096 - 6, 'a');
  BOOST_TEST(client.ask(get("/echo/" + longest)).body == longest);
}

BOOST_AUTO_TEST_CASE(large_headers_are_431) {
  refuses_and_closes(get("/health", "X-Large: " + std::string(8192, 'a') + "\r\n"), 431);
  refuses_and_closes("GET /health HTTP/1.1\r\nHost: test\r\nX-Endless: " + std::string(8192, 'a'), 431);
}

BOOST_AUTO_TEST_CASE(slow_headers_and_bodies_are_408) {
  http_settings settings = local();
  settings.header_timeout = settings.body_timeout = std::chrono::milliseconds(80);
  const running_server server(settings);
  for (const char* part :
       {"GET /health HT", "POST /any HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nab"}) {
    raw_client client(server.port());
    const raw_answer answer = client.ask(part);
    check_error(answer, 408);
    BOOST_TEST(answer.header("Connection") == "close");
    BOOST_TEST(client.is_closed());
  }
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_500) {
  refuses(get("/throw"), 500);
}

BOOST_AUTO_TEST_CASE(a_handler_can_check_the_body_that_it_needs) {
  const auto routes = test_routes();
  route made = simple_route("POST", "/own", [](request asked, const responder& respond) {
    respond(text("got " + std::move(asked.body)));
  });
  made.request_body = body_doc{"", R"({"type":"object"})", "", true, true};
  routes->add(std::move(made));
  const running_server server(local(), routes);
  raw_client client(server.port());
  BOOST_TEST(client.ask("POST /own HTTP/1.1\r\nHost: h\r\n\r\n").body == "got ");
  BOOST_TEST(
      client.ask("POST /own HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na")
          .body == "got a");
}

BOOST_AUTO_TEST_CASE(connections_over_the_limit_are_503) {
  http_settings settings = local();
  settings.max_connections = 1;
  const running_server server(settings);
  raw_client first(server.port());
  BOOST_TEST(first.ask(get("/health")).status == 200U);
  raw_client second(server.port());
  const raw_answer answer = second.ask(get("/health"));
  check_error(answer, 503);
  BOOST_TEST(!answer.header("Retry-After").empty());
  BOOST_TEST(answer.header("Connection") == "close");
  BOOST_TEST(second.is_closed());
  BOOST_TEST(first.ask(get("/health")).status == 200U);
}

// Request smuggling: in each of these, a proxy in front of the server could see different request boundaries.
BOOST_AUTO_TEST_CASE(ambiguous_framing_is_refused) {
  const std::string start = "POST /any HTTP/1.1\r\nHost: test\r\n";
  const std::string chunks = "\r\n3\r\nabc\r\n0\r\n\r\n";
  for (const char* lines :
       {"Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: , chunked\r\n", "Transfer-Encoding: chunked;a=b, chunked\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: \r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n", "Transfer-Encoding: \"chunked\"\r\n"})
    refuses_and_closes(std::string(start).append(lines).append(chunks), 400);
  for (const char* lines : {"Content-Length: 3\r\nContent-Length: 3\r\n",
                            "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3, 3\r\n",
                            "Content-Length: +3\r\n", "Content-Length: -3\r\n", "Content-Length: 0x3\r\n",
                            "Content-Length: 3 3\r\n", "Content-Length: \r\n", "Content-Length: 3;\r\n"})
    refuses_and_closes(std::string(start).append(lines).append("\r\nabc"), 400);
  refuses_and_closes("POST /any HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + chunks, 400);
  for (const char* codings : {"gzip, chunked", "gzip;q=1 , deflate,CHUNKED", "identity, chunked"})
    refuses_and_closes(std::string(start).append("Transfer-Encoding: ").append(codings) + "\r\n" + chunks,
                       501);
}

BOOST_AUTO_TEST_CASE(malformed_chunks_are_refused) {
  const std::string start = "POST /any HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* chunks : {"x\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n",
                             "-3\r\nabc\r\n0\r\n\r\n", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"})
    refuses_and_closes(start + chunks, 400);
  refuses_and_closes(start + "3;" + std::string(20'000, 'a'), 400);
}

BOOST_AUTO_TEST_CASE(ambiguous_headers_are_refused) {
  refuses_and_closes("GET /health HTTP/1.1\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  refuses_and_closes(
      "GET /health HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400);
  for (const std::string host : {"a b", "a@b", "a:99999", "a/b?c#d", "a, b", "::1", "[::1", "caf\xc3\xa9"})
    refuses_and_closes("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\r\nHost: test\r\nX-A: b\r\n folded\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\r\nHost: test\r\nX-A: b\r\n\tfolded\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\r\n Host: test\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\nHost: test\n\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\r\nHost: test\nX-A: b\r\n\r\n", 400);
  refuses_and_closes("GET /health HTTP/1.1\r\nHost: test\r\nX-A: b\rX-B: c\r\n\r\n", 400);
}

BOOST_AUTO_TEST_CASE(targets_other_than_paths_are_refused) {
  refuses_and_closes("GET ftp://test/health HTTP/1.1\r\nHost: test\r\n\r\n", 400);
  refuses_and_closes("GET * HTTP/1.1\r\nHost: test\r\n\r\n", 400);
  refuses_and_closes("CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n", 400);
  refuses_and_closes("GET /echo/\xC3\xA9 HTTP/1.1\r\nHost: test\r\n\r\n", 400);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
