#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using manner = recommender_script::manner;

constexpr auto retry_pause = 200ms; // the pause of the poller after a failure

using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_suite, poller_fixture)

BOOST_AUTO_TEST_CASE(computes_all_existing_profiles_at_the_start) {
  for (const char* user : {"a", "b", "c"})
    write(user, R"(["1"])");
  BOOST_CHECK(!health->profiles_listed);
  start();
  BOOST_TEST(computed() == (strings{"a", "b", "c"}), each);
  BOOST_CHECK(health->profiles_listed);
  for (const auto& request : acts->seen) {
    BOOST_CHECK(request->priority == urgency::background);
    BOOST_CHECK(*request->known_profile == profile{"1"});
    BOOST_REQUIRE(request->reading);
    BOOST_CHECK_EQUAL(request->reading->profiles, 3u);
    BOOST_CHECK(request->reading->begin <= request->reading->end);
  }
}

BOOST_AUTO_TEST_CASE(does_not_recompute_unchanged_profiles) {
  write("a", R"(["1"])");
  write("b", R"(["1"])");
  start();
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_changed_total"), 2);
  sweep();
  announce("a");
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_unchanged_total"), 3);
}

BOOST_AUTO_TEST_CASE(computes_an_announced_profile) {
  start();
  write("late", R"(["1","2"])");
  announce("late");
  BOOST_TEST(computed() == strings{"late"}, each);
  write("late", R"(["1","2","3"])");
  announce("late");
  BOOST_CHECK(*acts->seen.back()->known_profile == (profile{"1", "2", "3"}));
}

BOOST_AUTO_TEST_CASE(sweeps_at_its_interval) {
  settings.poll_interval = settings.sweep_interval = 0ms;
  start();
  write("unannounced", "[]");
  world.advance(1ms);
  BOOST_TEST(computed() == strings{"unannounced"}, each);
}

BOOST_AUTO_TEST_CASE(merges_changes_during_a_computation_into_one) {
  start();
  acts->how = manner::hold;
  for (int i = 0; i < 10; ++i) {
    write("u", "[\"" + std::to_string(i) + "\"]");
    announce("u");
  }
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
  acts->release();
  world.run();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 2u);
  BOOST_CHECK(*acts->seen[0]->known_profile == profile{"0"});
  BOOST_CHECK(*acts->seen[1]->known_profile == profile{"9"});
}

BOOST_AUTO_TEST_CASE(counts_a_bad_profile_once_and_computes_the_others) {
  write("a", R"(["1"])");
  write("bad", R"({"not":"a list"})");
  write("c", R"(["1"])");
  start();
  BOOST_TEST(computed() == (strings{"a", "c"}), each);
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_failed_total"), 1);
  sweep();
  announce("bad");
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_failed_total"), 1);

  write("bad", R"(["1"])");
  announce("bad");
  BOOST_TEST(computed() == (strings{"a", "bad", "c"}), each);
}

BOOST_AUTO_TEST_CASE(uses_the_profile_with_the_newest_timestamp) {
  write("u", R"(["none"])");
  write("u", R"(["new"])", "1700000002");
  write("u", R"(["old"])", "999999999");
  start();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 2u);
  BOOST_CHECK_EQUAL(acts->seen[0]->timestamp, "1700000002");
  BOOST_CHECK(*acts->seen[0]->known_profile == profile{"new"});
  BOOST_CHECK_EQUAL(acts->seen[1]->timestamp, "999999999"); // only its own result
  BOOST_CHECK_EQUAL(directory->newest("u").timestamp, "1700000002");

  write("u", R"(["newer"])", "1700000003");
  announce("u", "1700000003");
  write("u", R"(["older"])", "1700000001");
  announce("u", "1700000001");
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 4u);
  BOOST_CHECK_EQUAL(acts->seen[2]->timestamp, "1700000003");
  BOOST_CHECK(acts->seen[2]->newest);
  BOOST_CHECK_EQUAL(acts->seen[3]->timestamp, "1700000001");
  BOOST_CHECK(!acts->seen[3]->newest);
  BOOST_CHECK_EQUAL(directory->newest("u").timestamp, "1700000003");
}

BOOST_AUTO_TEST_CASE(a_late_announcement_does_not_hide_a_newer_profile_that_a_client_wrote) {
  start();
  write("u", R"(["1"])", "1700000001");
  write("u", R"(["2"])", "1700000002");
  directory->written({"u", "1700000002"});
  announce("u", "1700000001");
  announce("u");
  BOOST_CHECK_EQUAL(directory->newest("u").timestamp, "1700000002");
}

BOOST_AUTO_TEST_CASE(each_profile_of_a_burst_gets_its_result) {
  start();
  change_batch burst;
  for (const auto* timestamp : {"1700000001", "1700000003", "1700000002"}) {
    write("u", R"(["1"])", timestamp);
    burst.changed.push_back({"u", timestamp});
  }
  world.tell(poller, changed_atom_v, std::make_shared<const change_batch>(burst));
  std::vector<std::string> computed_for;
  for (const auto& request : acts->seen)
    computed_for.push_back(request->timestamp + (request->newest ? " newest" : ""));
  std::sort(computed_for.begin(), computed_for.end());
  BOOST_TEST(computed_for == (std::vector<std::string>{"1700000001", "1700000002", "1700000003 newest"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_sweep_finds_older_profiles_that_are_new) {
  write("u", R"(["1"])", "1700000001");
  write("u", R"(["1"])", "1700000002");
  start();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 2u);
  write("u", R"(["1"])", "1700000000");
  sweep();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 3u);
  BOOST_CHECK_EQUAL(acts->seen[2]->timestamp, "1700000000");
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 3u);
}

BOOST_AUTO_TEST_CASE(a_removed_profile_takes_its_list_along) {
  write("a", R"(["1"])");
  write("b", R"(["1"])", "1700000001");
  start();
  const auto stored = [this](const std::string& user) {
    const store_command command = read_list{user};
    return memory_store(core).execute({&command, 1})[0]->value.has_value();
  };
  BOOST_REQUIRE(stored("a") && stored("b"));
  execute(erase_profile{{"a", ""}});
  announce("a");
  BOOST_CHECK(!stored("a"));
  execute(erase_profile{{"b", "1700000001"}});
  announce("b", "1700000001");
  sweep();
  BOOST_CHECK(!stored("b"));
}

BOOST_AUTO_TEST_CASE(a_removed_profile_leaves_its_list_if_the_settings_say_so) {
  settings.keep_lists = true;
  write("a", R"(["1"])");
  start();
  execute(erase_profile{{"a", ""}});
  announce("a");
  const store_command command = read_list{"a"};
  BOOST_CHECK(memory_store(core).execute({&command, 1})[0]->value);
}

BOOST_AUTO_TEST_CASE(falls_back_to_an_older_profile_when_the_newest_is_removed) {
  write("u", R"(["old"])", "1700000001");
  write("u", R"(["new"])", "1700000002");
  start();
  execute(erase_profile{{"u", "1700000002"}});
  announce("u", "1700000002");
  sweep();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 3u); // the second was only for its own result
  BOOST_CHECK(acts->seen[2]->newest);
  BOOST_CHECK(*acts->seen[2]->known_profile == profile{"old"});
  BOOST_CHECK_EQUAL(directory->newest("u").timestamp, "1700000001");
}

BOOST_AUTO_TEST_CASE(forgets_a_user_whose_profile_is_removed) {
  write("u", R"(["1"])", "1700000001");
  start();
  execute(erase_profile{{"u", "1700000001"}});
  announce("u", "1700000001");
  sweep(); // could find an older one
  BOOST_CHECK_EQUAL(directory->newest("u").timestamp, "");
  write("u", R"(["1"])", "1700000001");
  announce("u", "1700000001");
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
}

BOOST_AUTO_TEST_CASE(restores_a_deleted_list_at_the_next_sweep) {
  write("u", R"(["1"])");
  acts->answer = [](const recommendation_request_ptr&) { // answers without storing a list
    return std::make_shared<const result<recommendation>>(recommendation{});
  };
  start();
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
}

BOOST_AUTO_TEST_CASE(never_exceeds_the_limit_in_flight) {
  pipeline.background_in_flight = 3;
  acts->how = manner::hold;
  for (int i = 0; i < 10; ++i)
    write("u" + std::to_string(i), "[]");
  start();
  BOOST_CHECK_EQUAL(acts->seen.size(), 3u);
  announce("u9");
  BOOST_CHECK_EQUAL(acts->seen.size(), 3u);
  for (std::size_t done = 1; done <= 7; ++done) {
    acts->release_first();
    world.run();
    BOOST_CHECK_EQUAL(acts->seen.size(), 3 + done);
  }
  acts->release();
  world.run();
  BOOST_CHECK_EQUAL(metric("winnow_poller_pending_profiles"), 0);
  BOOST_CHECK_EQUAL(acts->seen.size(), 10u);
}

BOOST_AUTO_TEST_CASE(computes_announced_changes_before_swept_profiles) {
  pipeline.background_in_flight = 1;
  acts->how = manner::hold;
  for (const char* user : {"a", "b", "c"})
    write(user, "[]");
  start();
  write("urgent", "[]");
  announce("urgent");
  acts->release();
  world.run();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 4u);
  BOOST_CHECK_EQUAL(acts->seen[1]->user_id, "urgent");
}

BOOST_AUTO_TEST_CASE(loses_no_change_while_the_store_is_down) {
  start();
  write("a", "[]");
  write("b", "[]");
  store->go_away();
  announce("a");
  announce("b");
  for (int i = 0; i < 5; ++i)
    world.advance(retry_pause);
  BOOST_CHECK(acts->seen.empty());
  BOOST_CHECK_GE(metric("winnow_poller_retries_total"), 2);
  write("c", "[]");
  announce("c");
  sweep(); // fails, so it is repeated later
  write("unannounced", "[]");
  store->come_back();
  world.advance(retry_pause);
  BOOST_TEST(computed() == (strings{"a", "b", "c"}), each);
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_failed_total"), 0);
  world.advance(1h);
  BOOST_TEST(computed() == (strings{"a", "b", "c", "unannounced"}), each);
}

BOOST_AUTO_TEST_CASE(retries_when_the_pipeline_is_full) {
  const auto usual = acts->answer;
  acts->answer = [](const recommendation_request_ptr&) {
    return std::make_shared<const result<recommendation>>(fail(fault::overloaded, "full"));
  };
  write("u", "[]");
  start();
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
  BOOST_CHECK_EQUAL(metric("winnow_poller_retries_total"), 1);
  acts->answer = usual;
  world.advance(retry_pause);
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_changed_total"), 1);
}

BOOST_AUTO_TEST_CASE(continues_after_its_neighbours_restart) {
  acts->how = manner::hold;
  write("u", "[]");
  start();
  world.kill(recommender);
  acts->how = manner::answer;
  acts->held.clear();
  world.kill(gateway);
  recommender = world.spawn(scripted_recommender, acts);
  gateway =
      world.spawn(redis_gateway, gateway_parts{store, health, meters, std::make_shared<actor_record>()});
  wire(bookshop());
  world.advance(pipeline.deadline * 100); // the killed recommender never answered
  world.advance(retry_pause);
  BOOST_TEST(computed() == (strings{"u", "u"}), each);
}

BOOST_AUTO_TEST_CASE(recomputes_every_list_for_new_models) {
  write("a", "[]");
  write("b", "[]");
  start();
  wire(bookshop()); // as after a restart of a neighbour: the same models
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  wire(bookshop_of_version("another"));
  BOOST_TEST(computed() == (strings{"a", "a", "b", "b"}), each);
}

BOOST_AUTO_TEST_CASE(starts_no_profile_while_draining) {
  acts->how = manner::hold;
  write("a", "[]");
  start();
  world.tell(poller, drain_atom_v);
  write("b", "[]");
  announce("b");
  acts->release();
  world.advance(1h);
  BOOST_TEST(computed() == strings{"a"}, each);
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_changed_total"), 1);
}

BOOST_AUTO_TEST_SUITE_END()
