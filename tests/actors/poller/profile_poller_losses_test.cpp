// Announcements of changed profiles that are lost again and again.

#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(profile_poller_losses, poller_fixture)

BOOST_AUTO_TEST_CASE(finds_each_change_whose_announcement_was_lost_within_the_longest_distance) {
  start();
  lose_announcements();
  const auto found = [this](const std::string& user) {
    return !acts->seen.empty() && acts->seen.back()->user_id == user;
  };
  constexpr int losses = 12;
  int late = 0;
  for (int i = 0; i < losses; ++i) {
    const auto user = "u" + std::to_string(i);
    write(user, "[]");
    lose_announcements();
    int seconds = 0;
    for (; !found(user) && seconds <= 16; ++seconds) {
      now += 1s;
      world.advance(1s);
    }
    BOOST_TEST(seconds <= 16);
    late += seconds > 1 ? 1 : 0;
  }
  BOOST_TEST(acts->seen.size() == losses);
  BOOST_TEST(late > 0); // otherwise each loss had its own sweep
}

BOOST_AUTO_TEST_CASE(a_replaced_connection_that_missed_nothing_costs_no_sweep) {
  start();
  lose_announcements();
  const auto sweeps = metric("winnow_poller_sweep_duration_seconds_count");
  write("ann", "[]"); // only a sweep would find it
  change_batch batch;
  batch.interrupted = "the server hung up";
  for (int i = 0; i < 10; ++i) {
    world.tell(poller, untracked_atom_v, batch.interrupted);
    BOOST_TEST(metric("winnow_poller_tracking") == 0);
    world.tell(poller, changed_atom_v, std::make_shared<const change_batch>(batch));
    BOOST_TEST(metric("winnow_poller_tracking") == 1);
    now += 100ms;
    world.advance(100ms);
  }
  BOOST_TEST(metric("winnow_poller_sweep_duration_seconds_count") == sweeps);
  BOOST_TEST(computed().empty());
}

BOOST_AUTO_TEST_SUITE_END()
