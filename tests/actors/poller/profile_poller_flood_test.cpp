#include "config/log/event_ring.hpp"
#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_pause = 5s; // of the poller, while the store refuses lists

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_flood, poller_fixture)

BOOST_AUTO_TEST_CASE(tries_one_list_at_a_time_while_the_store_denies_all) {
  acts->answer = [this](const recommendation_request_ptr& request) {
    store_command command = write_list{request->user_id, request->timestamp, "[]"};
    const auto reply = store->execute({&command, 1}).front();
    return std::make_shared<const result<recommendation>>(reply ? result<recommendation>(recommendation{})
                                                                : fail("storing the list", reply.error()));
  };
  store->deny_writes();
  constexpr std::size_t users = 20;
  for (std::size_t i = 0; i < users; ++i)
    write("u" + std::to_string(i), "[]");
  start();
  BOOST_TEST(acts->seen.size() == users); // they were in flight before the first denial was known
  for (std::size_t pauses = 1; pauses <= 5; ++pauses) {
    sweep();
    BOOST_TEST(acts->seen.size() == users + pauses - 1);
    world.advance(longest_pause);
    BOOST_TEST(acts->seen.size() == users + pauses);
  }
  BOOST_TEST(metric("winnow_poller_profiles_failed_total") == 0);

  store->allow_writes();
  world.advance(longest_pause);
  BOOST_TEST(metric("winnow_poller_profiles_changed_total") == users);
  BOOST_TEST(metric("winnow_poller_pending_profiles") == 0);
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_a_user_who_is_denied_alone) {
  const auto usual = acts->answer;
  acts->answer = [usual](const recommendation_request_ptr& request) -> recommendation_reply {
    if (request->user_id == "denied")
      return std::make_shared<const result<recommendation>>(fail(fault::denied, "NOPERM"));
    return usual(request);
  };
  for (const char* user : {"denied", "a", "b"})
    write(user, "[]");
  start();
  world.advance(longest_pause);
  write("a", R"(["1"])");
  announce("a");
  world.advance(longest_pause);
  const auto tries = acts->seen.size();
  BOOST_TEST(metric("winnow_poller_profiles_failed_total") == 1);
  world.advance(longest_pause);
  write("b", R"(["1"])");
  announce("b");
  BOOST_TEST(acts->seen.size() == tries + 1);
}

BOOST_AUTO_TEST_CASE(logs_one_line_for_a_flood_of_bad_profiles) {
  settings.poll_interval = 1s;
  const auto before = kept_events().last_id();
  for (int i = 0; i < 50; ++i)
    write("bad" + std::to_string(i), "no profile");
  start();
  std::vector<std::uint64_t> counts;
  for (const auto& event : kept_events().since(before))
    if (event.event == "profile refused")
      counts.push_back(std::get<std::uint64_t>(event.fields.at(0).second) * event.count);
  BOOST_TEST(counts == std::vector<std::uint64_t>{1}, boost::test_tools::per_element());
  BOOST_TEST(metric("winnow_poller_profiles_failed_total") == 50);
}

BOOST_AUTO_TEST_SUITE_END()
