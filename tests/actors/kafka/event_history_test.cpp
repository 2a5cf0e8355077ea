#include "actors/kafka/event_history.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using outcome = winnow::event_history::outcome;

namespace {

event_message event(const std::string& item, std::int64_t at, const std::string& action = {}) {
  return {"u", item, action, std::chrono::milliseconds(at)};
}

/// What a store holds of one user, and what Kafka brings.
struct kept_user {
  std::optional<std::string> profile, record;
  std::size_t most = 5;

  event_history read() const { return event_history(profile, record, most); }

  outcome add(const event_message& one) {
    auto history = read();
    const auto what = history.add(one);
    write(history);
    return what;
  }

  void write(const event_history& history) {
    const auto texts = history.stored();
    record = texts.record;
    profile = texts.profile;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_history_suite, kept_user)

BOOST_AUTO_TEST_CASE(orders_events_by_time) {
  add(event("b", 20));
  add(event("a", 10));
  add(event("c", 20));
  BOOST_TEST(*profile == R"(["a", "b", "c"])");
}

BOOST_AUTO_TEST_CASE(an_item_that_is_taken_twice_is_there_twice) {
  BOOST_TEST((add(event("a", 10)) == outcome::added));
  BOOST_TEST((add(event("a", 20)) == outcome::added));
  BOOST_TEST((add(event("a", 20, "buy")) == outcome::added));
  BOOST_TEST(*profile == R"(["a", "a", "a"])");
}

BOOST_AUTO_TEST_CASE(an_event_that_is_read_twice_counts_once) {
  for (int times = 0; times < 2; ++times)
    for (const auto& one : {event("a", 10, "view"), event("b", 10), event("a", 30)})
      BOOST_TEST((add(one) == (times == 0 ? outcome::added : outcome::known)));
  BOOST_TEST(*profile == R"(["a", "b", "a"])");
}

BOOST_AUTO_TEST_CASE(keeps_the_newest) {
  for (std::int64_t at = 1; at <= 7; ++at)
    add(event(std::to_string(at), at));
  BOOST_TEST(*profile == R"(["3", "4", "5", "6", "7"])");
  // Those that were dropped do not come back, nor do others of that time.
  BOOST_TEST((add(event("2", 2)) == outcome::too_old));
  BOOST_TEST((add(event("3", 3)) == outcome::known));
  BOOST_TEST((add(event("other", 3)) == outcome::too_old));
  BOOST_TEST(*profile == R"(["3", "4", "5", "6", "7"])");
  BOOST_TEST((add(event("3.5", 3, "x")) == outcome::too_old));
  BOOST_TEST((add(event("new", 4)) == outcome::added));
  BOOST_TEST(*profile == R"(["4", "new", "5", "6", "7"])");
}

BOOST_AUTO_TEST_CASE(a_smaller_limit_keeps_the_newest_of_what_is_there) {
  for (std::int64_t at = 1; at <= 5; ++at)
    add(event(std::to_string(at), at));
  most = 3;
  BOOST_TEST((add(event("6", 6)) == outcome::added));
  BOOST_TEST(*profile == R"(["4", "5", "6"])");
}

BOOST_AUTO_TEST_CASE(adds_to_a_profile_that_was_there) {
  profile = R"(["x","y","x"])";
  add(event("a", 10));
  BOOST_TEST(*profile == R"(["x", "y", "x", "a"])");
  add(event("b", 5));
  BOOST_TEST(*profile == R"(["x", "y", "x", "b", "a"])");
}

BOOST_AUTO_TEST_CASE(puts_the_profile_right_if_only_the_record_was_written) {
  add(event("a", 10));
  auto interrupted = read();
  interrupted.add(event("b", 20));
  record = interrupted.stored().record;
  auto again = read();
  BOOST_TEST((again.add(event("b", 20)) == outcome::known));
  BOOST_TEST(again.is_changed());
  write(again);
  BOOST_TEST(*profile == R"(["a", "b"])");
  BOOST_TEST(!read().is_changed());
}

BOOST_AUTO_TEST_CASE(the_same_for_the_first_event_of_a_user) {
  auto interrupted = read();
  interrupted.add(event("a", 10));
  record = interrupted.stored().record;
  BOOST_TEST((add(event("a", 10)) == outcome::known));
  BOOST_TEST(*profile == R"(["a"])");
}

BOOST_AUTO_TEST_CASE(follows_a_profile_that_something_else_changed) {
  for (const auto& one : {event("a", 10), event("b", 20), event("c", 30)})
    add(one);
  profile = R"(["b","new","c"])"; // a is gone
  BOOST_TEST((add(event("c", 30)) == outcome::known));
  add(event("d", 25));
  BOOST_TEST(*profile == R"(["b", "new", "d", "c"])");
}

BOOST_AUTO_TEST_CASE(a_user_who_was_removed_starts_anew) {
  add(event("a", 10));
  add(event("b", 20));
  profile = std::nullopt;
  add(event("c", 30));
  BOOST_TEST(*profile == R"(["c"])");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_counts_as_none) {
  for (const auto* text : {"", "{}", "[1", R"({"before":1,"after":2,"events":[["a"]]})", R"({"events":7})"}) {
    profile = "no json";
    record = text;
    add(event("a", 10));
    BOOST_TEST(*profile == R"(["a"])");
  }
}

BOOST_AUTO_TEST_CASE(a_record_with_other_numbers_than_times_counts_as_none) {
  for (const auto* time : {"9e18", "20.5", "1009176213999062130326", "18446744073709551615", "true"}) {
    profile = R"(["b"])";
    record = R"({"before":1,"after":2,"events":[[)" + std::string(time) + R"(,"b"]]})";
    add(event("a", 10));
    BOOST_TEST(*profile == R"(["b", "a"])", time);
  }
}

BOOST_AUTO_TEST_CASE(keeps_any_text) {
  add(event("caf\u00e9 \"1\"", 10, "\u00fc"));
  BOOST_TEST(*profile == R"(["caf\u00e9 \"1\""])");
  BOOST_TEST((add(event("caf\u00e9 \"1\"", 10, "\u00fc")) == outcome::known));
}

BOOST_AUTO_TEST_SUITE_END()
