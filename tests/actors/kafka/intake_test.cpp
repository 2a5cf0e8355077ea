#include "intake_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;

namespace {

inline bool operator==(const kafka_positions& a, const std::vector<std::pair<int, int>>& b) {
  return a == kafka_positions(b.begin(), b.end());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(intake_suite, intake_world)

BOOST_AUTO_TEST_CASE(writes_what_it_takes_and_then_knows_what_to_commit) {
  auto in = make();
  take(in, profile_of("a", "1"), 0);
  take(in, profile_of("b", "2"), 3);
  take(in, R"({"user_id":"a","history_items":["3","4"],"timestamp":1700000000})", 0);
  BOOST_TEST(in.waiting() == 3u);
  BOOST_TEST(in.bytes() > 0u);
  BOOST_TEST(in.take_done().empty());
  BOOST_REQUIRE(in.store());
  BOOST_TEST(in.waiting() == 0u);
  BOOST_TEST(in.bytes() == 0u);
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 3}, {3, 2}}));
  BOOST_TEST(in.take_done().empty());
  const store_command read = read_profile{{"a", "1700000000"}};
  BOOST_TEST(*store.execute({&read, 1})[0]->value == R"(["3", "4"])");
  BOOST_TEST(counted("stored") == 3);
}

BOOST_AUTO_TEST_CASE(after_a_failure_everything_behind_it_is_written_again) {
  auto in = make();
  take(in, profile_of("a", "1"));
  take(in, profile_of("b", "1"));
  take(in, profile_of("a", "2"));
  take(in, profile_of("b", "2"));
  store.fails_from = "b";
  const auto failed = in.store();
  BOOST_REQUIRE(!failed);
  BOOST_TEST((failed.error().cause == fault::unavailable));
  BOOST_TEST(in.waiting() == 3u);
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 1}}));
  store.fails_from = {};
  store.written.clear();
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written == (std::vector<std::string>{R"(b=["1"])", R"(a=["2"])", R"(b=["2"])"}),
             boost::test_tools::per_element());
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 4}}));
  BOOST_TEST(counted("stored") == 4);
}

BOOST_AUTO_TEST_CASE(messages_that_cannot_be_used_are_counted_and_passed) {
  auto in = make();
  take(in, "poison");
  take(in, profile_of("a", "1"));
  take(in, "");
  take(in, profile_of("b", "1"));
  store.refused = "b";
  BOOST_REQUIRE(in.store());
  BOOST_TEST(in.waiting() == 0u);
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 4}}));
  BOOST_TEST(counted("not_json") == 1);
  BOOST_TEST(counted("empty") == 1);
  BOOST_TEST(counted("refused") == 1);
  BOOST_TEST(counted("stored") == 1);
}

BOOST_AUTO_TEST_CASE(every_defect_is_counted_from_the_start) {
  for (const auto defect : all_message_defects)
    BOOST_TEST(counted(std::string(to_string(defect))) == 0, to_string(defect));
}

BOOST_AUTO_TEST_CASE(forgets_what_belongs_to_another_member_now) {
  auto in = make();
  take(in, profile_of("a", "1"), 0);
  take(in, profile_of("b", "1"), 1);
  BOOST_REQUIRE(in.store());
  take(in, profile_of("a", "2"), 0);
  take(in, profile_of("b", "2"), 1);
  BOOST_TEST((in.forget({1}) == std::vector<std::pair<int, int>>{{1, 2}}));
  store.written.clear();
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written == std::vector<std::string>{R"(a=["2"])"}, boost::test_tools::per_element());
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 3}}));
  BOOST_TEST(in.forget({0, 1}).empty());
}

BOOST_AUTO_TEST_CASE(events_of_a_user_become_one_write) {
  options.format = kafka_format::events;
  auto in = make();
  take(in, event_of("u", "b", 2));
  take(in, event_of("v", "x", 1));
  take(in, event_of("u", "a", 1));
  take(in, event_of("u", "b", 2));
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written == (std::vector<std::string>{R"(u=["a", "b"])", R"(v=["x"])"}),
             boost::test_tools::per_element());
  BOOST_TEST(counted("stored") == 3);
  BOOST_TEST(counted("known") == 1);
  store.written.clear();
  take(in, event_of("u", "a", 1)); // as after a crash
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written.empty());
  BOOST_TEST(counted("known") == 2);
}

BOOST_AUTO_TEST_CASE(events_are_added_again_after_a_failure) {
  options.format = kafka_format::events;
  auto in = make();
  take(in, event_of("u", "a", 1));
  take(in, event_of("v", "x", 1));
  store.fails_from = "v";
  BOOST_REQUIRE(!in.store());
  BOOST_TEST(in.waiting() == 2u);
  BOOST_TEST(in.take_done().empty());
  store.fails_from = {};
  BOOST_REQUIRE(in.store());
  const store_command read = read_profile{{"u", {}}};
  BOOST_TEST(*store.execute({&read, 1})[0]->value == R"(["a"])");
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 2}}));
}

BOOST_AUTO_TEST_SUITE_END()
