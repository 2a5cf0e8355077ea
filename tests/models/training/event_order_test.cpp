#include "models/training/event_order.hpp"

#include "models/training/interactions/holdout.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

namespace {

/// Users 0 and 1 take turns with the items 0 to 3, user 0 first; user 2 takes one item at the end.
interaction_log log_of_nine() {
  interaction_log log;
  log.has_times = true;
  for (const auto* user : {"a", "b", "c"})
    log.users.insert(user);
  for (const auto* item : {"w", "x", "y", "z"})
    log.items.insert(item);
  for (std::uint32_t at = 0; at < 8; ++at)
    log.events.push_back({at % 2, at / 2, 10 * (at + 1)});
  log.events.push_back({2, 0, 90});
  return log;
}

using numbers = std::vector<std::size_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(event_order_)

BOOST_AUTO_TEST_CASE(contains_nothing_that_is_held_back) {
  const auto log = log_of_nine();
  const auto of = [&](holdout::kind how) { return order_of(log.events, split_by(log, {how}, 0)); };
  const auto loo = of(holdout::kind::leave_one_out); // y and z of the first two users are held back
  BOOST_CHECK(loo.items == std::vector<std::uint32_t>({0, 0, 1, 1, 0}));
  BOOST_CHECK(loo.before_held_back == numbers({4, 4, 5}));
  const auto valid = of(holdout::kind::validation);
  BOOST_CHECK(valid.items == std::vector<std::uint32_t>({0, 0, 1, 1, 2, 2, 0}));
  BOOST_CHECK(valid.before_held_back == numbers({6, 6, 7}));
}

BOOST_AUTO_TEST_CASE(knows_what_was_taken_before_each_held_back_item) {
  auto log = log_of_nine();
  std::swap(log.events[6], log.events[8]); // user 2 comes before the held back item of user 0
  const auto order = order_of(log.events, split_by(log, {holdout::kind::validation}, 0));
  BOOST_CHECK(order.items == std::vector<std::uint32_t>({0, 0, 1, 1, 2, 2, 0}));
  BOOST_CHECK(order.before_held_back == numbers({7, 7, 7}));
}

BOOST_AUTO_TEST_CASE(counts_fade_with_later_events) {
  const event_order order{{0, 1, 1, 0}, {}};
  const auto recent = count_recent(order, 3, 2);
  BOOST_CHECK_CLOSE(recent.of(0), 1 + std::exp2(-1.5f), 1e-4f);
  BOOST_CHECK_CLOSE(recent.of(1), std::exp2(-1.0f) + std::exp2(-0.5f), 1e-4f);
  BOOST_CHECK_EQUAL(recent.of(2), 0.0f);
}

BOOST_AUTO_TEST_CASE(counts_at_a_time_are_those_of_the_events_before) {
  const event_order order{{0, 1, 1, 0, 2, 1}, {6, 0, 3}};
  const std::vector<std::uint32_t> items{1, 2, 0};
  std::vector<float> counts(18, -1);
  std::vector<recent_request> requests;
  for (std::uint32_t user = 0; user < 3; ++user)
    requests.push_back({user, items, &counts[user * 6], 2});
  count_recent_at(order, 3, 2, requests);
  for (std::size_t user = 0; user < 3; ++user) {
    const auto before = static_cast<std::ptrdiff_t>(order.before_held_back[user]);
    const auto plain = count_recent({{order.items.begin(), order.items.begin() + before}, {}}, 3, 2);
    for (std::size_t at = 0; at < items.size(); ++at) {
      BOOST_CHECK_EQUAL(counts[user * 6 + 2 * at], plain.of(items[at]));
      BOOST_CHECK_EQUAL(counts[user * 6 + 2 * at + 1], -1.0f);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_half_life_grows_with_the_data) {
  BOOST_CHECK_EQUAL(recent_half_life({std::vector<std::uint32_t>(50'000), {}}), 500.0);
  BOOST_CHECK_EQUAL(recent_half_life({std::vector<std::uint32_t>(50), {}}), 100.0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
