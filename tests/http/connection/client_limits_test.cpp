#include "http/connection/client_places.hpp"
#include "support/wait_until.hpp"
#include "tests/http/running_server.hpp"

#include <list>
#include <thread>

namespace winnow::http::test {

using winnow::test::wait_until;

BOOST_AUTO_TEST_SUITE(client_limits)

BOOST_AUTO_TEST_CASE(a_client_holds_only_so_many_places) {
  client_places places(2);
  auto first = places.take("a");
  auto second = places.take("a");
  BOOST_TEST((first.is_held() && second.is_held()));
  BOOST_TEST(!places.take("a").is_held());
  BOOST_TEST(places.take("b").is_held());
  auto moved = std::move(first);
  BOOST_TEST(!first.is_held());
  BOOST_TEST(!places.take("a").is_held());
  moved.leave();
  moved.leave();
  BOOST_TEST(places.take("a").is_held());
  second = client_places::place();
  first = places.take("a");
  BOOST_TEST(first.is_held());
}

BOOST_AUTO_TEST_CASE(clients_behind_a_proxy_are_limited_one_by_one) {
  http_settings settings = local();
  settings.trusted_proxies = "127.0.0.1";
  settings.max_client_connections = 1;
  std::mutex mutex;
  responder held;
  auto routes = test_routes();
  routes->add(simple_route("GET", "/slow", [&](const request&, const responder& respond) {
    const std::lock_guard lock(mutex);
    held = respond;
  }));
  const running_server server(settings, routes);
  raw_client slow(server.port());
  slow.send(get("/slow", "X-Forwarded-For: 192.0.2.1\r\n"));
  BOOST_TEST(wait_until([&] {
    const std::lock_guard lock(mutex);
    return held != nullptr;
  }));
  raw_client proxy(server.port());
  BOOST_TEST(proxy.ask(get("/health", "X-Forwarded-For: 192.0.2.1\r\n")).status == 503U);
  BOOST_TEST(proxy.ask(get("/health", "X-Forwarded-For: 192.0.2.2\r\n")).status == 200U);
  BOOST_TEST(proxy.ask(get("/health")).status == 200U);
  held(text("done"));
  BOOST_TEST(slow.receive().body == "done");
  BOOST_TEST(proxy.ask(get("/health", "X-Forwarded-For: 192.0.2.1\r\n")).status == 200U);
}

BOOST_AUTO_TEST_CASE(idle_connections_make_room) {
  http_settings settings = local();
  settings.max_connections = 2;
  const running_server server(settings);
  raw_client oldest(server.port());
  BOOST_TEST(oldest.ask(get("/health")).status == 200U);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // Younger ones are spared.
  raw_client other(server.port());
  BOOST_TEST(other.ask(get("/health")).status == 200U);
  raw_client third(server.port());
  BOOST_TEST(third.ask(get("/health")).status == 200U);
  BOOST_TEST(oldest.is_closed());
  BOOST_TEST(raw_client(server.port()).ask(get("/health")).status == 503U);
  BOOST_TEST(other.ask(get("/health")).status == 200U);
}

BOOST_AUTO_TEST_CASE(probes_are_always_answered) {
  http_settings settings = local();
  settings.max_connections = 1;
  auto routes = test_routes();
  route probe =
      simple_route("GET", "/livez", [](const request&, const responder& respond) { respond(text("alive")); });
  probe.always = true;
  routes->add(std::move(probe));
  running_server server(settings, routes);
  raw_client busy(server.port());
  BOOST_TEST(busy.ask(get("/health")).status == 200U);
  std::list<raw_client> silent; // More than the connections over the limit that may wait.
  for (int i = 0; i < 300; ++i) {
    silent.emplace_back(server.port());
    if (i % 3 == 1)
      silent.back().send("GET /hea");
    if (i % 3 == 2)
      silent.back().send(get("/health"));
  }
  for (int i = 0; i < 3; ++i) {
    raw_client kubelet(server.port());
    const raw_answer answer = kubelet.ask(get("/livez"));
    BOOST_TEST(answer.body == "alive");
    BOOST_TEST(answer.header("Connection") == "close");
  }
  BOOST_TEST(raw_client(server.port()).ask(get("/health")).status == 503U);
  BOOST_TEST(raw_client(server.port()).ask(post("/any", "{}")).status == 503U);
  BOOST_TEST(busy.ask(get("/health")).status == 200U);
  BOOST_TEST(wait_until([&] { return server->counts().connections <= 1 + 128; }));
  const auto refused = [&] { return server->counts().refused; };
  silent.clear();
  BOOST_TEST(wait_until([&] { return refused() == 302U; })); // but not the probes
}

BOOST_AUTO_TEST_CASE(a_connection_over_all_limits_is_closed_if_none_makes_room) {
  http_settings settings = local();
  settings.max_connections = 1;
  std::mutex mutex;
  std::vector<responder> held;
  auto routes = test_routes();
  route probe = simple_route("GET", "/livez", [&](const request&, const responder& respond) {
    const std::lock_guard lock(mutex);
    held.push_back(respond);
  });
  probe.always = true;
  routes->add(std::move(probe));
  running_server server(settings, routes);
  constexpr std::size_t most = 1 + 128;
  const auto holds = [&](std::size_t count) {
    return wait_until([&] {
      const std::lock_guard lock(mutex);
      return held.size() == count;
    });
  };
  std::list<raw_client> busy; // All have asked, and wait for their answer.
  for (std::size_t i = 0; i < most; ++i) {
    busy.emplace_back(server.port()).send(get("/livez"));
    if (i == 0)
      BOOST_TEST_REQUIRE(holds(1));
  }
  BOOST_TEST_REQUIRE(holds(most));
  raw_client late(server.port());
  BOOST_TEST_REQUIRE(wait_until([&] { return server->counts().refused == 1U; }));
  held.front()(text("alive")); // the first one stays open; by its answer, the late one has been dealt with
  BOOST_TEST(busy.front().receive().body == "alive");
  BOOST_TEST(server->counts().connections == most);
  BOOST_TEST(late.is_closed());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
