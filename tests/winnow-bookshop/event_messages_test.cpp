#include "tools/winnow-bookshop/live/event_messages.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::json;

struct events_fixture {
  /// The items of a profile's events.
  item_ids items_of(const item_ids& books) {
    item_ids items;
    for (const auto& message : events.of({"anna", books}))
      items.push_back(json::parse(message)["item_id"]);
    return items;
  }

  /// The same, and winnowd gets them.
  item_ids sent(const item_ids& books) {
    auto items = items_of(books);
    events.confirmed({"anna", books});
    return items;
  }

  event_messages events;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(messages_of_events, events_fixture)

BOOST_AUTO_TEST_CASE(have_a_reader_a_book_and_a_later_time_each) {
  std::int64_t last = 0;
  for (const auto& message : events.of({"anna", {"1", "2", "3"}})) {
    const auto event = json::parse(message);
    BOOST_TEST(event["user_id"] == "anna");
    BOOST_TEST(event["timestamp"].get<std::int64_t>() > last);
    last = event["timestamp"];
  }
  BOOST_TEST((items_of({"1", "2", "3"}) == item_ids{"1", "2", "3"}));
}

BOOST_AUTO_TEST_CASE(are_those_that_follow_what_was_confirmed) {
  BOOST_TEST((sent({"1", "2"}) == item_ids{"1", "2"}));
  BOOST_TEST(items_of({"1", "2"}).empty());
  BOOST_TEST((sent({"1", "2", "3"}) == item_ids{"3"}));
}

BOOST_AUTO_TEST_CASE(are_the_same_until_they_are_confirmed) {
  const auto first = events.of({"anna", {"1", "2"}});
  BOOST_TEST((events.of({"anna", {"1", "2"}}) == first));
  BOOST_TEST((events.of({"anna", {"1", "3"}}) != first)); // another purchase came instead
}

BOOST_AUTO_TEST_CASE(count_a_book_that_is_bought_again) {
  sent({"1"});
  BOOST_TEST((sent({"1", "1"}) == item_ids{"1"}));
  BOOST_TEST((sent({"1", "1", "2"}) == item_ids{"2"}));
  BOOST_TEST((sent({"1", "1", "2", "1"}) == item_ids{"1"}));
}

BOOST_AUTO_TEST_CASE(do_not_repeat_a_shelf_that_loses_its_oldest_books) {
  sent({"1", "2", "3"});
  BOOST_TEST((sent({"2", "3", "4"}) == item_ids{"4"}));
}

BOOST_AUTO_TEST_CASE(follow_a_profile_of_an_earlier_run) {
  events.has("anna", {"1", "a book of another shop", "2", "another one"});
  BOOST_TEST((sent({"1", "2", "3"}) == item_ids{"3"}));
}

BOOST_AUTO_TEST_CASE(leave_out_what_comes_first_if_the_profile_is_unknown) {
  events.has_some("anna");
  BOOST_TEST(sent({"1", "2"}).empty());
  BOOST_TEST((sent({"1", "2", "3"}) == item_ids{"3"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
