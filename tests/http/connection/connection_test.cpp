#include "config/log/event_ring.hpp"
#include "http/connection/answer_progress.hpp"
#include "support/wait_until.hpp"
#include "tests/http/running_server.hpp"

#include <algorithm>
#include <deque>
#include <malloc.h>

namespace winnow::http::test {

using winnow::test::wait_until;

namespace {

/// How many failed requests the log has counted since an event.
std::uint64_t failures_logged_since(std::uint64_t event) {
  std::uint64_t all = 0;
  for (const auto& kept : kept_events().since(event))
    for (const auto& [name, value] : kept.fields)
      if (kept.event == "handler_failed" && name == "requests")
        all += std::get<std::uint64_t>(value);
  return all;
}

constexpr std::size_t large_size = 32u << 20; // more than the buffers of both sockets hold

/// With a route /large, whose answer has `large_size` bytes.
std::shared_ptr<router> routes_with_large() {
  auto routes = test_routes();
  routes->add(simple_route("GET", "/large", [](const request&, const responder& respond) {
    respond(text(std::string(large_size, 'x')));
  }));
  return routes;
}

/// Why the answers of a route were cut, one by one; empty texts for those that were not.
std::vector<std::string> cuts_of(const running_server& server, std::string_view route) {
  std::vector<std::string> cuts;
  for (const auto& done : server.exchanges())
    if (done.route == route)
      cuts.push_back(done.cut);
  return cuts;
}

/// What the process has allocated, in bytes. Not told by the allocators of sanitizers.
std::size_t allocated() {
  const auto told = ::mallinfo2();
  return told.uordblks + told.hblkhd;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connection)

BOOST_AUTO_TEST_CASE(an_answer_has_the_documented_headers) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer = client.ask(get("/health"));
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(answer.body == "ok");
  BOOST_TEST(answer.header("Server") == "winnow");
  BOOST_TEST(answer.header("Content-Length") == "2");
  BOOST_TEST(!answer.header("X-Request-ID").empty());
  BOOST_TEST(!answer.has("Connection"));
}

BOOST_AUTO_TEST_CASE(connections_are_kept_alive) {
  const running_server server;
  raw_client client(server.port());
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(client.ask(get("/echo/" + std::to_string(i))).body == std::to_string(i));
}

BOOST_AUTO_TEST_CASE(the_last_failures_of_a_flood_are_logged_without_a_further_one) {
  auto settings = local();
  settings.failure_interval = std::chrono::milliseconds(200);
  const running_server server(settings);
  const auto before = kept_events().last_id();
  {
    raw_client client(server.port());
    for (int i = 0; i < 5; ++i)
      BOOST_TEST(client.ask(get("/throw")).status == 500U);
  }
  BOOST_TEST(wait_until([&] { return failures_logged_since(before) == 5; }));
}

BOOST_AUTO_TEST_CASE(a_client_can_ask_to_close) {
  const running_server server;
  raw_client client(server.port());
  BOOST_TEST(client.ask(get("/health", "Connection: close\r\n")).header("Connection") == "close");
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_keep_alive_is_requested) {
  const running_server server;
  raw_client kept(server.port());
  BOOST_TEST(kept.ask("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection") ==
             "keep-alive");
  BOOST_TEST(kept.ask("GET /health HTTP/1.0\r\n\r\n").body == "ok");
  BOOST_TEST(kept.is_closed());
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  const running_server server;
  raw_client client(server.port());
  client.send(get("/echo/1") + post("/any", "2") + get("/nothing") + get("/echo/4"));
  BOOST_TEST(client.receive().body == "1");
  BOOST_TEST(client.receive().body == "2");
  BOOST_TEST(client.receive().status == 404U);
  BOOST_TEST(client.receive().body == "4");
}

BOOST_AUTO_TEST_CASE(a_long_pipeline_is_answered_in_full) {
  const running_server server;
  raw_client client(server.port());
  std::string bytes;
  for (int i = 0; i < 2000; ++i)
    bytes += get("/echo/" + std::to_string(i));
  client.send(bytes);
  for (int i = 0; i < 2000; ++i)
    BOOST_REQUIRE_EQUAL(client.receive().body, std::to_string(i));
}

BOOST_AUTO_TEST_CASE(bytes_may_arrive_one_at_a_time) {
  const running_server server;
  raw_client client(server.port());
  const std::string chunked = "POST /any HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string trailer = "0\r\nHost: ignored\r\n\r\n";
  std::string bytes = "\r\n";
  bytes.append(get("/echo/a")).append(post("/any", "body"));
  bytes.append(chunked).append("3;x=y\r\nabc\r\n1\r\nd\r\n").append(trailer);
  bytes.append(chunked).append("0\r\n\r\n").append(get("/echo/z"));
  for (const char byte : bytes)
    client.send({&byte, 1});
  BOOST_TEST(client.receive().body == "a");
  BOOST_TEST(client.receive().body == "body");
  BOOST_TEST(client.receive().body == "abcd");
  BOOST_TEST(client.receive().body == "");
  BOOST_TEST(client.receive().body == "z");
}

BOOST_AUTO_TEST_CASE(a_client_that_has_shut_down_sending_gets_its_answers) {
  const running_server server;
  raw_client client(server.port());
  client.send(get("/echo/a") + get("/echo/b"));
  client.finish_sending();
  BOOST_TEST(client.receive().body == "a");
  BOOST_TEST(client.receive().body == "b");
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(head_is_get_without_the_body) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer = client.ask("HEAD /echo/abc HTTP/1.1\r\nHost: test\r\n\r\n", true);
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(answer.header("Content-Length") == "3");
  BOOST_TEST(client.ask("HEAD /nothing HTTP/1.1\r\nHost: test\r\n\r\n", true).status == 404U);
  BOOST_TEST(client.ask(get("/health")).body == "ok");
}

BOOST_AUTO_TEST_CASE(a_post_without_a_length_has_an_empty_body) {
  const running_server server;
  raw_client client(server.port());
  const raw_answer answer = client.ask("POST /any HTTP/1.1\r\nHost: test\r\n\r\n");
  BOOST_TEST(answer.status == 200U);
  BOOST_TEST(answer.body == "");
}

BOOST_AUTO_TEST_CASE(expect_continue_is_answered_before_the_body) {
  const running_server server;
  raw_client client(server.port());
  client.send("POST /any HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(client.receive().status == 100U);
  BOOST_TEST(client.ask("body").body == "body");
  client.send("POST /json HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nContent-Type: text/plain\r\n"
              "Expect: 100-continue\r\n\r\n");
  const raw_answer refused = client.receive();
  BOOST_TEST(refused.status == 415U);
  BOOST_TEST(refused.header("Connection") == "close");
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(paths_and_queries_are_decoded) {
  const running_server server;
  raw_client client(server.port());
  BOOST_TEST(client.ask(get("/echo/a%2Fb%20+%C3%A9:1")).body == "a/b +\xC3\xA9:1");
  BOOST_TEST(client.ask(get("/echo/a?q=b+c%2B%26d&q=e")).body == "b c+&d");
  BOOST_TEST(client.ask(get("/echo/a?&x&q=")).body == "");
  BOOST_TEST(client.ask(get("/echo/a?q=b?c/d=e")).body == "b?c/d=e");
}

BOOST_AUTO_TEST_CASE(valid_request_ids_are_echoed_and_others_replaced) {
  const running_server server;
  raw_client client(server.port());
  const auto id_for = [&](const std::string& sent) {
    return client.ask(get("/health", "X-Request-ID: " + sent + "\r\n")).header("x-request-id");
  };
  BOOST_TEST(id_for("abc-123_x.y:z/1+2=3@4") == "abc-123_x.y:z/1+2=3@4");
  BOOST_TEST(id_for(std::string(128, 'a')) == std::string(128, 'a'));
  for (const std::string& strange :
       {std::string(), std::string(129, 'a'), std::string("a b"), std::string("a\"b")}) {
    const std::string made = id_for(strange);
    BOOST_TEST(!made.empty());
    BOOST_TEST(made != strange);
  }
  BOOST_TEST(id_for("") != id_for(""));
}

BOOST_AUTO_TEST_CASE(idle_connections_are_closed_silently) {
  http_settings settings = local();
  settings.idle_timeout = std::chrono::milliseconds(80);
  const running_server server(settings);
  raw_client silent(server.port());
  raw_client used(server.port());
  BOOST_TEST(used.ask(get("/health")).status == 200U);
  BOOST_TEST(silent.is_closed());
  BOOST_TEST(used.is_closed());
}

BOOST_AUTO_TEST_CASE(kept_connections_say_how_long) {
  const running_server server;
  raw_client client(server.port());
  BOOST_TEST((local().idle_timeout > std::chrono::seconds(60)), "longer than a balancer's usual 60 s");
  BOOST_TEST(client.ask(get("/health")).header("Keep-Alive") == "timeout=75");
  BOOST_TEST(client.ask("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Keep-Alive") ==
             "timeout=75");
  BOOST_TEST(!client.ask(get("/health", "Connection: close\r\n")).has("Keep-Alive"));
  http_settings brief = local();
  brief.idle_timeout = std::chrono::milliseconds(999);
  const running_server other(brief);
  BOOST_TEST(!raw_client(other.port()).ask(get("/health")).has("Keep-Alive"));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_is_dropped) {
  http_settings settings = local();
  settings.body_timeout = std::chrono::milliseconds(80);
  running_server server(settings, routes_with_large());
  raw_client client(server.port());
  client.send(get("/large"));
  BOOST_TEST(wait_until([&] { return server->counts().in_flight == 1; }));
  BOOST_TEST(wait_until([&] { return server->counts().connections == 0; }));
  BOOST_TEST(wait_until([&] { return server->counts().in_flight == 0U; }));
  BOOST_TEST((cuts_of(server, "/large") == std::vector<std::string>{"timeout"}));
  BOOST_TEST(server.exchanges().back().bytes < large_size);
  BOOST_TEST(server->counts().unsent_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_that_reads_steadily_gets_all_of_a_large_answer) {
  http_settings settings = local();
  settings.body_timeout = std::chrono::milliseconds(500);
  running_server server(settings, routes_with_large());
  raw_client client(server.port());
  client.send(get("/large", "Connection: close\r\n"));
  const auto begin = std::chrono::steady_clock::now();
  std::size_t got = 0;
  for (int part = 1; part <= 16; ++part) { // takes longer than the limit
    got += client.receive_bytes(large_size / 16).size();
    wait_until([&] { return std::chrono::steady_clock::now() >= begin + part * settings.body_timeout / 10; });
  }
  got += client.receive_bytes(large_size).size(); // to the end
  BOOST_TEST(server->drain(std::chrono::seconds(20)));
  BOOST_TEST((cuts_of(server, "/large") == std::vector<std::string>{""}));
  BOOST_TEST(got == server.exchanges().back().bytes);
}

BOOST_AUTO_TEST_CASE(a_least_pace_renews_the_deadline) {
  using namespace std::chrono_literals;
  const auto step = answer_progress::least_step;
  answer_progress::clock::time_point now{1h};
  answer_progress progress(10s, now);
  progress.note(-5000, now); // the kernel still holds what came before
  BOOST_CHECK(progress.deadline() == now + 10s);
  now += 9s;
  progress.note(-5001 + step, now);
  BOOST_CHECK(progress.deadline() == now + 1s);
  BOOST_CHECK(progress.still_since() == now);
  now += 1s;
  progress.note(-5000 + step, now);
  BOOST_CHECK(progress.deadline() == now + 10s);
  const auto last = now;
  now += 9s;
  progress.note(-5000 + step, now); // nothing more
  BOOST_CHECK(progress.deadline() == last + 10s);
  BOOST_CHECK(progress.still_since() == last);
}

BOOST_AUTO_TEST_CASE(answers_that_break_off_are_reported) {
  running_server server(local(), routes_with_large());
  {
    raw_client leaving(server.port());
    leaving.send(get("/large"));
    BOOST_TEST(wait_until([&] { return server->counts().unsent_bytes > 0; }));
    leaving.disconnect();
    BOOST_TEST(wait_until([&] { return cuts_of(server, "/large").size() == 1; }));
  }
  raw_client waiting(server.port());
  waiting.send(get("/large"));
  BOOST_TEST(wait_until([&] { return server->counts().unsent_bytes > 0; }));
  server->stop();
  BOOST_TEST((cuts_of(server, "/large") == std::vector<std::string>{"disconnected", "shutdown"}));
  BOOST_TEST(server->counts().unsent_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(answers_that_nobody_reads_are_bounded_in_sum) {
  http_settings settings = local();
  settings.max_unsent_bytes = 2 * large_size + large_size / 2;
  running_server server(settings, routes_with_large());
  std::deque<raw_client> clients;
  for (std::size_t i = 1; i <= 5; ++i) {
    clients.emplace_back(server.port()).send(get("/large"));
    const std::size_t waiting = std::min<std::size_t>(i, 2);
    BOOST_TEST(wait_until([&] {
      return cuts_of(server, "/large").size() == i - waiting &&
             server->counts().unsent_bytes / large_size == waiting;
    }));
    BOOST_TEST(raw_client(server.port()).ask(get("/health")).body == "ok");
  }
  BOOST_TEST((cuts_of(server, "/large") == std::vector<std::string>(3, "memory")));
  BOOST_TEST(clients.back().receive().body.size() == large_size);
}

BOOST_AUTO_TEST_CASE(one_answer_may_be_larger_than_the_bound) {
  http_settings settings = local();
  settings.max_unsent_bytes = large_size / 2;
  const running_server server(settings, routes_with_large());
  raw_client client(server.port());
  BOOST_TEST(client.ask(get("/large")).body.size() == large_size);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_keeps_no_answer) {
  running_server server(local(), routes_with_large());
  std::deque<raw_client> clients;
  const auto before = allocated();
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back(server.port()).send(get("/large"));
    for (std::size_t got = 0; got < large_size;)
      got += clients.back().receive_bytes(64u << 10).size();
  }
  BOOST_TEST(wait_until([&] { return server->counts().in_flight == 0; }));
  BOOST_TEST(wait_until([&] { return allocated() < before + 2 * large_size; }));
}

BOOST_AUTO_TEST_CASE(large_answers_arrive_whole) {
  auto routes = test_routes();
  const std::string large(16u << 20, 'x');
  routes->add(
      simple_route("GET", "/large", [&](const request&, const responder& respond) { respond(text(large)); }));
  const running_server server(local(), routes);
  raw_client client(server.port());
  client.send(get("/large") + get("/health"));
  BOOST_TEST((client.receive().body == large));
  BOOST_TEST(client.receive().body == "ok");
}

BOOST_AUTO_TEST_CASE(header_values_cannot_inject_headers) {
  auto routes = test_routes();
  routes->add(simple_route("GET", "/inject", [](const request&, const responder& respond) {
    response answer = text("x");
    answer.headers.emplace_back("X-A", "b\r\nX-Injected: 1");
    respond(std::move(answer));
  }));
  const running_server server(local(), routes);
  raw_client client(server.port());
  const raw_answer answer = client.ask(get("/inject"));
  BOOST_TEST(answer.header("X-A") == "b  X-Injected: 1");
  BOOST_TEST(!answer.has("X-Injected"));
}

BOOST_AUTO_TEST_CASE(exchanges_are_observed) {
  running_server server;
  raw_client client(server.port());
  client.ask(get("/echo/a?q=b", "X-Request-ID: mine\r\n"));
  client.ask(get("/nothing"));
  client.ask("broken\r\n\r\n");
  BOOST_TEST((*server).drain(std::chrono::seconds(20)));
  const auto seen = server.exchanges();
  BOOST_REQUIRE_EQUAL(seen.size(), 3U);
  BOOST_TEST(seen[0].route == "/echo/{value}");
  BOOST_TEST(seen[0].method == "GET");
  BOOST_TEST(seen[0].target == "/echo/a?q=b");
  BOOST_TEST(seen[0].request_id == "mine");
  BOOST_TEST(seen[0].status == 200U);
  BOOST_TEST(seen[0].client.find("127.0.0.1:") == 0U);
  BOOST_TEST(seen[0].bytes > 50U);
  BOOST_TEST(seen[1].route == "unmatched");
  BOOST_TEST(seen[1].status == 404U);
  BOOST_TEST(seen[2].route == "unmatched");
  BOOST_TEST(seen[2].status == 400U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
