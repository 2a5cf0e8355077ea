#include "http/event_stream.hpp"
#include "running_server.hpp"
#include "support/wait_until.hpp"

#include <thread>

namespace winnow::http::test {

namespace {

using namespace std::chrono_literals;
using winnow::test::wait_until;

/// Streams that GET /events has opened; the test sends events to them.
struct broadcast {
  explicit broadcast(stream_limits given = {}) : limits(given) {}

  std::shared_ptr<router> routes() {
    auto made = test_routes();
    made->add(simple_route("GET", "/events", [this](const request& asked, const responder& respond) {
      const auto stream = std::make_shared<event_stream>(limits);
      stream->send(event_text("hello", asked.last_event_id, "1"));
      {
        const std::lock_guard lock(mutex);
        streams.push_back(stream);
      }
      respond(stream_response(stream));
    }));
    return made;
  }

  std::shared_ptr<event_stream> stream(std::size_t index = 0) {
    std::shared_ptr<event_stream> found;
    wait_until([&] {
      const std::lock_guard lock(mutex);
      found = index < streams.size() ? streams[index] : nullptr;
      return found != nullptr;
    });
    BOOST_REQUIRE(found);
    return found;
  }

  stream_limits limits;
  std::mutex mutex;
  std::vector<std::shared_ptr<event_stream>> streams;
};

const std::string hello = "event: hello\nid: 1\ndata: \n\n";

/// Sends until a stream whose client does not read overruns: enough to fill the buffers of the sockets.
bool fills_up(event_stream& stream) {
  const std::string event = event_text("more", std::string(200'000, 'x'));
  return wait_until([&] { return !stream.send(event); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(each_line_of_data_is_prefixed) {
  BOOST_TEST(event_text("a", "one\ntwo", "7") == "event: a\nid: 7\ndata: one\ndata: two\n\n");
  BOOST_TEST(event_text("a", "") == "event: a\ndata: \n\n");
}

BOOST_AUTO_TEST_CASE(a_reader_is_woken_once_until_it_takes) {
  event_stream stream;
  int wakes = 0;
  std::string taken;
  stream.attach([&] { ++wakes; });
  BOOST_TEST(stream.send("early\n\n"));
  BOOST_TEST(wakes == 0); // The reader takes once without a wake.
  BOOST_TEST((stream.take(taken) == event_stream::condition::open));
  BOOST_TEST(taken == "early\n\n");
  BOOST_TEST(stream.send("a\n\n"));
  BOOST_TEST(stream.send("b\n\n"));
  BOOST_TEST(wakes == 1);
  BOOST_TEST((stream.take(taken) == event_stream::condition::open));
  BOOST_TEST(taken == "a\n\nb\n\n");
  stream.end();
  BOOST_TEST(wakes == 2);
  BOOST_TEST((stream.take(taken) == event_stream::condition::ended));
  BOOST_TEST(taken.empty());
}

BOOST_AUTO_TEST_CASE(an_overrun_wakes_a_reader_that_is_already_awake) {
  event_stream stream({8, 15s});
  int wakes = 0;
  std::string taken;
  stream.attach([&] { ++wakes; });
  stream.take(taken);
  BOOST_TEST(stream.send("12345678"));
  BOOST_TEST(!stream.send("9"));
  BOOST_TEST(wakes == 2);
  BOOST_TEST(stream.has_overrun());
  BOOST_TEST((stream.take(taken) == event_stream::condition::overrun));
  BOOST_TEST(taken.empty());
}

BOOST_AUTO_TEST_CASE(events_arrive_as_they_are_sent) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client client(server.port());
  client.send(get("/events", "Last-Event-ID: 41\r\n"));
  const raw_answer head = client.receive(true);
  BOOST_TEST(head.status == 200U);
  BOOST_TEST(head.header("Content-Type") == "text/event-stream");
  BOOST_TEST(head.header("Cache-Control") == "no-store");
  BOOST_TEST(head.header("Connection") == "close");
  BOOST_TEST(!head.has("Content-Length"));
  const std::string first = "event: hello\nid: 1\ndata: 41\n\n";
  BOOST_TEST(client.receive_bytes(first.size()) == first);
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(shop.stream()->send("data: " + std::to_string(i) + "\n\n"));
    BOOST_TEST(client.receive_bytes(9) == "data: " + std::to_string(i) + "\n\n");
  }
  shop.stream()->end();
  BOOST_TEST(client.is_closed());
  BOOST_TEST(!shop.stream()->send("data: late\n\n"));
}

BOOST_AUTO_TEST_CASE(events_sent_before_the_end_arrive) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client client(server.port());
  client.send(get("/events"));
  const std::string long_event = event_text("long", std::string(900'000, 'x'));
  client.receive(true);
  client.receive_bytes(hello.size());
  BOOST_TEST(shop.stream()->send(long_event));
  shop.stream()->end();
  BOOST_TEST((client.receive_bytes(long_event.size()) == long_event));
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(a_stream_is_not_a_request_in_flight_and_blocks_no_client) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client listener(server.port());
  listener.send(get("/events"));
  listener.receive(true);
  BOOST_TEST(server->drain(20s));
  BOOST_TEST(server.exchanges().size() == 1U);
  BOOST_TEST(raw_client(server.port()).ask(get("/health")).body == "ok");
}

BOOST_AUTO_TEST_CASE(head_gets_no_events) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client client(server.port());
  const raw_answer head = client.ask("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n", true);
  BOOST_TEST(head.header("Content-Type") == "text/event-stream");
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(http_1_0_gets_events_too) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client client(server.port());
  client.send("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const raw_answer head = client.receive(true);
  BOOST_TEST(head.header("Connection") == "close");
  BOOST_TEST(client.receive_bytes(hello.size()) == hello);
  shop.stream()->end();
  BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(heartbeats_keep_an_idle_stream_open) {
  broadcast shop({1u << 20, 20ms});
  http_settings settings = local();
  settings.idle_timeout = settings.header_timeout = settings.body_timeout = 40ms;
  running_server server(settings, shop.routes());
  raw_client client(server.port());
  client.send(get("/events"));
  client.receive(true);
  client.receive_bytes(hello.size());
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(client.receive_bytes(3) == ":\n\n");
  BOOST_TEST(shop.stream()->is_open());
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_is_noticed) {
  broadcast shop;
  running_server server(local(), shop.routes());
  {
    raw_client client(server.port());
    client.send(get("/events"));
    client.receive(true);
    BOOST_TEST(shop.stream()->is_open());
  }
  BOOST_TEST(wait_until([&] { return !shop.stream()->is_open(); }));
  BOOST_TEST(!shop.stream()->send("data: late\n\n"));
  BOOST_TEST(wait_until([&] { return server->counts().connections == 0; }));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_is_dropped_without_delaying_others) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client slow(server.port());
  slow.send(get("/events"));
  const auto stuck = shop.stream(0);
  raw_client quick(server.port());
  quick.send(get("/events"));
  quick.receive(true);
  quick.receive_bytes(hello.size());
  BOOST_TEST(fills_up(*stuck));
  BOOST_TEST(shop.stream(1)->send("data: on\n\n"));
  BOOST_TEST(quick.receive_bytes(10) == "data: on\n\n");
  BOOST_TEST(wait_until([&] { return server->counts().connections == 1; }));
}

BOOST_AUTO_TEST_CASE(a_write_that_takes_too_long_ends_the_stream) {
  broadcast shop({64u << 20, 15s});
  http_settings settings = local();
  settings.body_timeout = 40ms;
  running_server server(settings, shop.routes());
  raw_client slow(server.port());
  slow.send(get("/events"));
  shop.stream()->send(std::string(32u << 20, 'x'));
  BOOST_TEST(wait_until([&] { return !shop.stream()->is_open(); }));
  BOOST_TEST(wait_until([&] { return server->counts().connections == 0; }));
}

BOOST_AUTO_TEST_CASE(a_retiring_server_ends_its_streams) {
  broadcast shop;
  running_server server(local(), shop.routes());
  raw_client client(server.port());
  client.send(get("/events"));
  client.receive(true);
  client.receive_bytes(hello.size());
  BOOST_TEST(shop.stream()->send("data: last\n\n"));
  server->stop_accepting();
  BOOST_TEST(server->drain(20s));
  BOOST_TEST(client.receive_bytes(12) == "data: last\n\n");
  BOOST_TEST(client.is_closed());
  BOOST_TEST(!shop.stream()->send("data: late\n\n"));
}

BOOST_AUTO_TEST_CASE(sending_may_race_with_stop) {
  for (int i = 0; i < 20; ++i) {
    broadcast shop;
    running_server server(local(), shop.routes(), 2);
    raw_client client(server.port());
    client.send(get("/events"));
    std::thread sending([stream = shop.stream()] {
      while (stream->send("data: x\n\n"))
        std::this_thread::yield();
    });
    server->stop();
    sending.join();
  }
}

BOOST_AUTO_TEST_CASE(many_clients_each_get_every_event) {
  broadcast shop;
  running_server server(local(), shop.routes(), 2);
  std::vector<std::unique_ptr<raw_client>> clients;
  for (int i = 0; i < 32; ++i) {
    clients.push_back(std::make_unique<raw_client>(server.port()));
    clients.back()->send(get("/events"));
    clients.back()->receive(true);
    clients.back()->receive_bytes(hello.size());
  }
  std::string sent;
  for (int event = 0; event < 200; ++event) {
    const auto text = event_text("count", std::to_string(event));
    sent += text;
    for (std::size_t i = 0; i < clients.size(); ++i)
      shop.stream(i)->send(text);
  }
  for (const auto& client : clients)
    BOOST_TEST((client->receive_bytes(sent.size()) == sent));
}

BOOST_AUTO_TEST_CASE(destroying_an_unsent_answer_closes_its_stream) {
  const auto stream = std::make_shared<event_stream>();
  { const response unused = stream_response(stream); }
  BOOST_TEST(!stream->send("data: late\n\n"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
