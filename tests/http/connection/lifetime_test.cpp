#include "http/answer_burst.hpp"
#include "support/wait_until.hpp"
#include "tests/http/running_server.hpp"

#include <condition_variable>
#include <deque>
#include <thread>

namespace winnow::http::test {

namespace {

using winnow::test::wait_until;

/// Keeps the responders of the route /held until the test uses them.
class held_requests {
public:
  std::shared_ptr<router> routes() {
    auto made = test_routes();
    made->add(simple_route("GET", "/held", [this](const request&, responder respond) {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(respond));
      arrived_.notify_all();
    }));
    return made;
  }

  /// Returns the next responder, or an empty one after 20 s. Called from any thread, so it must not fail the
  /// test itself.
  responder take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return !held_.empty(); }))
      return nullptr;
    responder first = std::move(held_.front());
    held_.pop_front();
    return first;
  }

  /// Answers the next held request.
  void answer(const std::string& body) {
    if (const responder respond = take())
      respond(text(body));
  }

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<responder> held_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(lifetime)

BOOST_AUTO_TEST_CASE(a_late_answer_from_another_thread_is_sent) {
  held_requests held;
  const running_server server(local(), held.routes());
  raw_client client(server.port());
  client.send(get("/held") + get("/echo/next"));
  std::thread([&] { held.answer("late"); }).join();
  BOOST_TEST(client.receive().body == "late");
  BOOST_TEST(client.receive().body == "next");
}

BOOST_AUTO_TEST_CASE(answers_of_a_burst_reach_their_clients_when_it_ends) {
  held_requests held;
  running_server server(local(), held.routes(), 2);
  std::deque<raw_client> clients;
  std::vector<responder> respond;
  for (int i = 0; i < 4; ++i) { // the connections are spread over both I/O threads
    clients.emplace_back(server.port()).send(get("/held"));
    respond.push_back(held.take());
    BOOST_TEST_REQUIRE(static_cast<bool>(respond.back()));
  }
  clients.pop_front(); // gone before its answer
  {
    const answer_burst together;
    for (int i = 0; i < 3; ++i)
      respond[i](text(std::to_string(i)));
    BOOST_TEST(server->counts().in_flight >= 3U);
    respond[1](text("second"));
  }
  BOOST_TEST(clients[0].receive().body == "1");
  BOOST_TEST(clients[1].receive().body == "2");
  respond[3](text("alone"));
  BOOST_TEST(clients[2].receive().body == "alone");
}

BOOST_AUTO_TEST_CASE(a_burst_ends_before_the_one_around_it) {
  held_requests held;
  running_server server(local(), held.routes());
  raw_client inner(server.port()), outer(server.port());
  inner.send(get("/held"));
  const auto first = held.take();
  outer.send(get("/held"));
  const auto second = held.take();
  const answer_burst around;
  second(text("outer"));
  {
    const answer_burst within;
    first(text("inner"));
  }
  BOOST_TEST(inner.receive().body == "inner");
  // Had the outer answer been handed over, it would have been sent before this one, by the same I/O thread.
  // An answer counts as sent only a moment after its bytes arrived.
  BOOST_TEST(inner.ask(get("/echo/next")).body == "next");
  BOOST_TEST(wait_until([&] { return server->counts().in_flight == 1U; }));
}

// What a request may take is counted from its end: a slow client is not the server's fault.
BOOST_AUTO_TEST_CASE(a_request_is_received_with_its_last_byte) {
  using clock = std::chrono::steady_clock;
  clock::time_point received;
  auto routes = test_routes();
  routes->add(simple_route("POST", "/timed", [&](const request& asked, const responder& respond) {
    received = asked.received;
    respond(text("timed"));
  }));
  running_server server(local(), routes);
  raw_client client(server.port());
  const auto whole = post("/timed", "{\"a\": 1}");
  const auto in_flight = [&] { return server->counts().in_flight == 1U; };
  client.send(whole.substr(0, whole.size() - 3));
  BOOST_TEST_REQUIRE(wait_until(in_flight)); // the head is read
  const auto before = clock::now();
  client.send(whole.substr(whole.size() - 3));
  BOOST_TEST(client.receive().body == "timed");
  BOOST_CHECK(received >= before);
}

BOOST_AUTO_TEST_CASE(clients_on_this_machine_are_known_unless_they_speak_for_others) {
  auto routes = test_routes();
  routes->add(simple_route("GET", "/here", [](const request& asked, const responder& respond) {
    respond(text(asked.from_here ? "here" : "elsewhere"));
  }));
  const running_server server(local(), routes);
  http_settings trusting = local();
  trusting.trusted_proxies = "127.0.0.1,192.0.2.1";
  const running_server behind_proxy(trusting, routes);
  const auto asked = [](const running_server& of, std::string_view lines) {
    return raw_client(of.port()).ask(get("/here", lines)).body;
  };
  BOOST_TEST(asked(server, "") == "here");
  BOOST_TEST(asked(server, "X-Forwarded-For: 127.0.0.1\r\n") == "elsewhere"); // anybody can say so
  BOOST_TEST(asked(behind_proxy, "") == "here");
  BOOST_TEST(asked(behind_proxy, "X-Forwarded-For: 203.0.113.9\r\n") == "elsewhere");
  BOOST_TEST(asked(behind_proxy, "Forwarded: for=203.0.113.9\r\n") == "elsewhere");
  BOOST_TEST(asked(behind_proxy, "X-Forwarded-For: 127.0.0.2\r\n") == "here");
}

BOOST_AUTO_TEST_CASE(requests_of_trusted_proxies_are_known) {
  auto routes = test_routes();
  routes->add(simple_route("GET", "/sender", [](const request& asked, const responder& respond) {
    respond(text(asked.by_proxy ? "proxy" : "client"));
  }));
  const auto sender = [&](const std::string& proxies) {
    http_settings settings = local();
    settings.trusted_proxies = proxies;
    const running_server server(settings, routes);
    return raw_client(server.port()).ask(get("/sender", "X-Forwarded-For: 203.0.113.9\r\n")).body;
  };
  BOOST_TEST(sender("") == "client"); // anybody can send the header
  BOOST_TEST(sender("192.0.2.1") == "client");
  BOOST_TEST(sender("127.0.0.1") == "proxy");
}

BOOST_AUTO_TEST_CASE(a_dropped_responder_is_a_500) {
  held_requests held;
  const running_server server(local(), held.routes());
  raw_client client(server.port());
  client.send(get("/held"));
  held.take() = nullptr;
  BOOST_TEST(client.receive().status == 500U);
  BOOST_TEST(client.ask(get("/health")).status == 200U);
}

BOOST_AUTO_TEST_CASE(only_the_first_answer_counts) {
  held_requests held;
  const running_server server(local(), held.routes());
  raw_client client(server.port());
  client.send(get("/held"));
  const responder respond = held.take();
  respond(text("first"));
  respond(text("second"));
  BOOST_TEST(client.receive().body == "first");
  BOOST_TEST(client.ask(get("/echo/next")).body == "next");
}

BOOST_AUTO_TEST_CASE(an_answer_counts_even_if_the_handler_throws_after_it) {
  auto routes = test_routes();
  routes->add(simple_route("GET", "/both", [](const request&, const responder& respond) {
    respond(text("answer"));
    throw std::runtime_error("too late");
  }));
  const running_server server(local(), routes);
  raw_client client(server.port());
  BOOST_TEST(client.ask(get("/both")).body == "answer");
  BOOST_TEST(client.ask(get("/health")).body == "ok");
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_client_that_left_is_dropped) {
  held_requests held;
  running_server server(local(), held.routes());
  raw_client client(server.port());
  client.send(get("/held"));
  const responder respond = held.take();
  client.disconnect();
  respond(text(std::string(1u << 20, 'x')));
  BOOST_TEST(wait_until([&] { return server->counts().connections == 0; }));
  BOOST_TEST(wait_until([&] { return server->counts().in_flight == 0U; }));
}

BOOST_AUTO_TEST_CASE(an_answer_after_the_server_is_destroyed_is_ignored) {
  held_requests held;
  responder unused;
  responder used;
  {
    const running_server server(local(), held.routes());
    raw_client first(server.port());
    raw_client second(server.port());
    first.send(get("/held"));
    used = held.take();
    second.send(get("/held"));
    unused = held.take();
  }
  used(text("ignored"));
  unused = nullptr;
}

BOOST_AUTO_TEST_CASE(answers_may_race_with_stop) {
  held_requests held;
  for (int i = 0; i < 20; ++i) {
    running_server server(local(), held.routes(), 2);
    raw_client client(server.port());
    client.send(get("/held"));
    std::thread answering([respond = held.take()] { respond(text("x")); });
    server->stop();
    answering.join();
  }
}

BOOST_AUTO_TEST_CASE(two_threads_serve_many_clients) {
  held_requests held;
  running_server server(local(), held.routes(), 2);
  std::vector<std::unique_ptr<raw_client>> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i)
    clients.push_back(std::make_unique<raw_client>(server.port()));
  std::thread answering([&] {
    for (int i = 0; i < 80; ++i)
      held.answer("held");
  });
  for (int round = 0; round < 10; ++round) {
    for (const auto& client : clients)
      client->send(get("/held") + get("/echo/a"));
    for (const auto& client : clients) {
      BOOST_TEST(client->receive().body == "held");
      BOOST_TEST(client->receive().body == "a");
    }
  }
  answering.join();
  BOOST_TEST(server->counts().connections == 8U);
  BOOST_TEST(server->counts().accepted == 8U);
  BOOST_TEST(server->drain(std::chrono::seconds(20)));
  BOOST_TEST(server.exchanges().size() == 160U);
}

BOOST_AUTO_TEST_CASE(retiring_closes_idle_connections_and_answers_the_others) {
  held_requests held;
  running_server server(local(), held.routes());
  raw_client idle(server.port());
  BOOST_TEST(idle.ask(get("/health")).status == 200U);
  raw_client busy(server.port());
  busy.send(get("/held"));
  const responder respond = held.take();

  server->stop_accepting();
  BOOST_TEST(idle.is_closed());
  BOOST_TEST(!server->drain(std::chrono::milliseconds(20)));
  respond(text("done"));
  BOOST_TEST(server->drain(std::chrono::seconds(20)));
  const raw_answer answer = busy.receive();
  BOOST_TEST(answer.body == "done");
  BOOST_TEST(answer.header("Connection") == "close");
  BOOST_TEST(busy.is_closed());
}

BOOST_AUTO_TEST_CASE(the_port_is_free_after_stop_accepting) {
  running_server server;
  server->stop_accepting();
  http_settings same = local();
  same.port = server.port();
  const running_server next(same);
  BOOST_TEST(raw_client(next.port()).ask(get("/health")).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_a_conflict) {
  const running_server first;
  http_settings same = local();
  same.port = first.port();
  server second(same, test_routes());
  const auto port = second.listen();
  BOOST_REQUIRE(!port);
  BOOST_TEST((port.error().cause == fault::conflict));
  BOOST_TEST(port.error().message ==
             "cannot listen on 127.0.0.1 port " + std::to_string(same.port) + ": Address already in use");
}

BOOST_AUTO_TEST_CASE(a_foreign_address_is_refused) {
  http_settings settings = local();
  settings.host = "192.0.2.1"; // Reserved for documentation (RFC 5737): belongs to no machine.
  server foreign(settings, test_routes());
  const auto port = foreign.listen();
  BOOST_REQUIRE(!port);
  BOOST_TEST((port.error().cause == fault::invalid_argument));
}

BOOST_AUTO_TEST_CASE(stop_is_idempotent_and_needs_no_listen) {
  server never(local(), test_routes());
  never.stop_accepting();
  BOOST_TEST(never.drain(std::chrono::milliseconds(0)));
  never.stop();
  running_server once;
  once->stop();
  once->stop_accepting();
  once->stop();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
