#include "config/log/event_ring.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// A ring whose clock the test controls.
struct filled_ring {
  explicit filled_ring(ring_limits limits = {}) : ring(limits) {}

  void add(const char* event, std::string about = {}, log_level level = log_level::info) {
    ring.add({now, level, "recommender", event, {{"about", std::move(about)}}});
  }

  std::vector<std::string> names(std::uint64_t since = 0) const {
    std::vector<std::string> all;
    for (const auto& one : ring.since(since))
      all.push_back(one.event + ":" + std::get<std::string>(one.fields.at(0).second) + " x" +
                    std::to_string(one.count));
    return all;
  }

  event_ring ring;
  std::chrono::system_clock::time_point now{std::chrono::hours(24 * 365 * 50)};
};

void expect(const std::vector<std::string>& found, const std::vector<std::string>& wanted) {
  BOOST_TEST(found == wanted, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_ring_suite)

BOOST_AUTO_TEST_CASE(events_are_kept_in_order) {
  filled_ring shop;
  BOOST_TEST(shop.ring.last_id() == 0u);
  shop.add("died", "a");
  shop.add("died", "b");
  shop.add("started", "a");
  BOOST_TEST(shop.ring.last_id() == 3u);
  expect(shop.names(), {"died:a x1", "died:b x1", "started:a x1"});
  expect(shop.names(2), {"started:a x1"});
  expect(shop.names(3), {});
  expect(shop.names(99), {});
}

BOOST_AUTO_TEST_CASE(an_identical_event_is_a_repeat_until_the_window_ends) {
  filled_ring shop;
  shop.add("not connected", "refused");
  shop.add("died", "a");
  const auto first = shop.now;
  shop.now += 5s;
  shop.add("not connected", "refused");
  expect(shop.names(), {"died:a x1", "not connected:refused x2"});
  expect(shop.names(2), {"not connected:refused x2"});
  const auto repeated = shop.ring.since(2).at(0);
  BOOST_TEST(repeated.id == 3u);
  BOOST_TEST(repeated.first_id == 1u);
  BOOST_CHECK(repeated.first_time == first);
  BOOST_CHECK(repeated.time == shop.now);
  shop.now += 60s;
  shop.add("not connected", "refused"); // after the window: a new event
  expect(shop.names(3), {"not connected:refused x1"});
}

BOOST_AUTO_TEST_CASE(a_flood_is_counted_and_evicts_no_other_kind) {
  filled_ring shop;
  shop.add("died", "a", log_level::error);
  for (int i = 0; i < 100'000; ++i) {
    shop.add("stage left out", std::to_string(i), log_level::warning);
    shop.now += 10ms;
  }
  const auto kept = shop.names();
  BOOST_TEST(kept.size() == 1 + ring_limits().of_a_kind);
  BOOST_TEST(kept.front() == "died:a x1");
  const auto newest = shop.ring.since(0).back();
  BOOST_TEST(std::get<std::string>(newest.fields.at(0).second) == "99999");
  BOOST_TEST(newest.count > 100u);
}

BOOST_AUTO_TEST_CASE(a_burst_ends_with_its_window) {
  filled_ring shop(ring_limits{16, 16, 2, 10s, 60s});
  for (const char* about : {"a", "b", "c", "d"})
    shop.add("refused", about);
  expect(shop.names(), {"refused:a x1", "refused:d x3"});
  shop.now += 10s;
  shop.add("refused", "e");
  expect(shop.names(), {"refused:a x1", "refused:d x3", "refused:e x1"});
}

BOOST_AUTO_TEST_CASE(the_oldest_event_is_evicted) {
  filled_ring shop(ring_limits{3, 2, 8, 10s, 60s});
  shop.add("x", "1");
  shop.add("y", "1");
  shop.add("x", "2");
  shop.add("z", "1"); // exceeds the total
  expect(shop.names(), {"y:1 x1", "x:2 x1", "z:1 x1"});
  shop.add("z", "2");
  shop.add("z", "3"); // exceeds the limit of its kind
  expect(shop.names(), {"x:2 x1", "z:2 x1", "z:3 x1"});
}

BOOST_AUTO_TEST_CASE(long_texts_are_truncated) {
  filled_ring shop;
  shop.add("refused", std::string(100'000, 'x'));
  BOOST_TEST(std::get<std::string>(shop.ring.since(0).at(0).fields.at(0).second).size() < 600u);
}

BOOST_AUTO_TEST_CASE(two_rings_have_different_epochs) {
  BOOST_TEST(event_ring().epoch() != event_ring().epoch());
}

BOOST_AUTO_TEST_CASE(the_log_keeps_noteworthy_events_below_its_threshold) {
  log_threshold(log_level::error);
  const auto before = kept_events().last_id();
  log_event(log_level::debug, "test", "detail");
  log_routine(log_level::warning, "test", "routine");
  BOOST_TEST(kept_events().last_id() == before);
  log_event(log_level::info, "test", "noteworthy", {{"n", 1}});
  log_threshold(log_level::info);
  const auto kept = kept_events().since(before);
  BOOST_TEST_REQUIRE(kept.size() == 1u);
  BOOST_TEST(kept[0].component == "test");
  BOOST_TEST(kept[0].event == "noteworthy");
  BOOST_TEST(std::get<std::int64_t>(kept[0].fields.at(0).second) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
