#include "actors/admin/live_feed.hpp"

#include "actors/admin/events_json.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using nlohmann::json;

namespace {

const char* const status = R"({"daemon":{},"actors":[]})";

/// An event, as received by a client.
struct received_event {
  std::string name, id;
  json data;
};

std::vector<received_event> read(const http::response& listener) {
  std::string text;
  listener.events->take(text);
  std::vector<received_event> all;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find("\n\n", from);
    received_event one;
    for (std::size_t at = from; at < end;) {
      const auto line = text.substr(at, text.find('\n', at) - at);
      if (line.rfind("event: ", 0) == 0)
        one.name = line.substr(7);
      else if (line.rfind("id: ", 0) == 0)
        one.id = line.substr(4);
      else
        one.data = json::parse(line.substr(6));
      at += line.size() + 1;
    }
    all.push_back(std::move(one));
    from = end + 2;
  }
  return all;
}

struct feed_fixture {
  void log(const char* event) {
    ring.add({std::chrono::system_clock::now(), log_level::info, "x", event, {}});
  }

  void sample() { history->tick({top, stage}); }

  http::response join(const std::string& last_id = {}) {
    http::request request;
    request.last_event_id = last_id;
    return feed.join(request, status);
  }

  actor_record_ptr top = std::make_shared<actor_record>("supervisor", 1, 0);
  actor_record_ptr stage = std::make_shared<actor_record>("din_ranker", 2, 1);
  std::shared_ptr<activity_history> history = std::make_shared<activity_history>();
  event_ring ring;
  live_feed feed{history, ring};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_feed_suite, feed_fixture)

BOOST_AUTO_TEST_CASE(a_client_first_gets_everything_that_is_kept) {
  sample();
  sample();
  log("one");
  log("two");
  const auto client = join();
  BOOST_TEST(client.content_type == "text/event-stream");
  const auto first = read(client);
  BOOST_TEST_REQUIRE(first.size() == 1u);
  BOOST_TEST(first[0].name == "snapshot");
  BOOST_TEST(first[0].id == position_text(ring, 2));
  BOOST_TEST(first[0].data.at("status") == json::parse(status));
  BOOST_TEST(first[0].data.at("history").at("time").size() == 2u);
  BOOST_TEST(first[0].data.at("history").at("actors").contains("din_ranker"));
  BOOST_TEST(first[0].data.at("events").size() == 2u);
  BOOST_TEST(first[0].data.at("events")[1].at("event") == "two");
}

BOOST_AUTO_TEST_CASE(later_events_and_samples_are_sent_once) {
  log("before");
  const auto client = join();
  read(client);
  feed.send_events();
  BOOST_TEST(read(client).empty());
  log("after");
  sample();
  feed.send_events();
  feed.send_sample(status);
  const auto later = read(client);
  BOOST_TEST_REQUIRE(later.size() == 2u);
  BOOST_TEST(later[0].name == "event");
  BOOST_TEST(later[0].id == position_text(ring, 2));
  BOOST_TEST(later[0].data.at("event") == "after");
  BOOST_TEST(later[1].name == "sample");
  BOOST_TEST(later[1].id == "");
  BOOST_TEST(later[1].data.at("history").at("time").size() == 1u);
  feed.send_sample(status);
  BOOST_TEST(read(client).at(0).data.at("history").at("time").empty());
}

BOOST_AUTO_TEST_CASE(a_client_that_reconnects_gets_each_event_once) {
  log("known");
  const auto id = read(join()).at(0).id;
  log("missed");
  const auto again = read(join(id)).at(0);
  BOOST_TEST_REQUIRE(again.data.at("events").size() == 1u);
  BOOST_TEST(again.data.at("events")[0].at("event") == "missed");
  for (const char* stranger :
       {"12.1-1", "1", "-", "nonsense-99999999999999999999"}) // ids of another run, and invalid ids
    BOOST_TEST(read(join(stranger)).at(0).data.at("events").size() == 2u, stranger);
}

BOOST_AUTO_TEST_CASE(a_client_that_joins_later_takes_nothing_from_the_others) {
  const auto first = join();
  read(first);
  log("news");
  sample();
  const auto second = join();
  BOOST_TEST(read(second).at(0).data.at("events").size() == 1u);
  feed.send_events();
  feed.send_sample(status);
  const auto to_first = read(first);
  BOOST_TEST_REQUIRE(to_first.size() == 2u);
  BOOST_TEST(to_first[0].data.at("event") == "news");
  BOOST_TEST(to_first[1].data.at("history").at("time").size() == 1u);
  BOOST_TEST(read(second).size() == 1u); // only the sample
}

BOOST_AUTO_TEST_CASE(limits_the_number_of_clients) {
  std::vector<http::response> clients;
  for (std::size_t i = 0; i < live_feed::max_listeners; ++i)
    clients.push_back(join());
  BOOST_TEST(join().status == 503u);
  clients.pop_back();
  BOOST_TEST(join().status == 200u);
}

BOOST_AUTO_TEST_CASE(knows_whether_it_has_listeners) {
  BOOST_TEST(!feed.has_listeners());
  {
    const auto client = join();
    BOOST_TEST(feed.has_listeners());
  }
  BOOST_TEST(!feed.has_listeners());
}

BOOST_AUTO_TEST_CASE(fields_of_events_keep_their_types) {
  ring.add({std::chrono::system_clock::now(),
            log_level::error,
            "x",
            "y",
            {{"text", "<b>\xff"}, {"count", 3}, {"share", 0.5}, {"yes", true}}});
  const auto one = json::parse(event_json(ring.since(0).at(0)));
  BOOST_TEST(one.at("level") == "error");
  BOOST_TEST(one.at("count") == 1);
  BOOST_TEST(one.at("fields").dump() ==
             "{\"count\":3,\"share\":0.5,\"text\":\"<b>\xEF\xBF\xBD\",\"yes\":true}");
}

BOOST_AUTO_TEST_SUITE_END()
