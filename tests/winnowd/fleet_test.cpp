// Three daemons that share one Redis.

#include "fleet_fixture.hpp"
#include "support/child_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

using namespace winnow::test;

BOOST_FIXTURE_TEST_SUITE(fleet, fleet_fixture)

BOOST_AUTO_TEST_CASE(each_change_is_computed_once_by_one_of_the_replicas) {
  write(1000);
  BOOST_TEST(wait_until([&] { return lists() == 1000 && nothing_waits(); }, patience));
  BOOST_TEST(sum("winnow_poller_profiles_changed_total") == 1000);
  BOOST_TEST(sum("winnow_fleet_computed_twice_total") == 0);
  BOOST_TEST(sum("winnow_fleet_leader") == 1);
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_a_replica_is_killed_with_work_in_hand) {
  for (const bool kills_leader : {false, true}) {
    const auto prefix = kills_leader ? "later" : "reader";
    const auto before = lists();
    const auto victim = kills_leader ? leader() : follower();
    const auto had = all[victim]->metric("winnow_fleet_taken_total");
    write(4000, 7, prefix);
    wait_until([&] { return all[victim]->metric("winnow_fleet_taken_total") > had; });
    all[victim]->signal(SIGKILL);
    all[victim]->wait();
    all[victim].reset();
    BOOST_TEST(wait_until([&] { return lists() == before + 4000 && nothing_waits(); }, patience));
    all[victim] = begin_replica();
    all[victim]->wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return leader() < replicas; }));
  }
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(a_leader_that_was_stopped_does_not_lead_when_it_wakes) {
  const auto old = leader();
  all[old]->signal(SIGSTOP);
  const auto asleep = std::move(all[old]);
  BOOST_REQUIRE(wait_until([&] { return leader() < replicas; }));
  write(500, 3);
  BOOST_TEST(wait_until([&] { return lists() == 500; }, patience));
  const auto* const changed = "winnow_poller_profiles_changed_total";
  const auto before = sum(changed);
  asleep->signal(SIGCONT);
  write(500, 11);
  BOOST_TEST(wait_until([&] { return asleep->metric("winnow_fleet_leader") == 0; }));
  const auto all_noticed = [&] { return sum(changed) + asleep->metric(changed) >= before + 500; };
  BOOST_TEST(wait_until([&] { return all_noticed() && nothing_waits(); }, patience));
  BOOST_TEST(sum("winnow_fleet_leader") == 1);
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(all_replicas_know_when_a_newest_profile_is_gone) {
  redis.call({"SET", "user_profile:u:1700000001", books(3)});
  redis.call({"SET", "user_profile:u:1700000002", books(5, 40)});
  const auto answers = [&](unsigned status) {
    return wait_until(
        [&] {
          return std::all_of(all.begin(), all.end(), [&](const auto& one) {
            return one->http().post("/recommend/u").status == status;
          });
        },
        patience);
  };
  const auto list = [&] { return redis.call({"GET", "recommendations:u"}); };
  BOOST_TEST(answers(200));
  BOOST_TEST(wait_until([&] { return nothing_waits() && list() != ""; }, patience));
  const auto of_newest = list();
  redis.call({"DEL", "user_profile:u:1700000002"});
  BOOST_TEST(answers(200)); // with the list of the older one
  BOOST_TEST(wait_until([&] { return list() != of_newest && list() != ""; }, patience));
  redis.call({"DEL", "user_profile:u:1700000001"});
  BOOST_TEST(answers(404));
  redis.call({"SET", "user_profile:u", books(7, 80)});
  BOOST_TEST(answers(200));
  BOOST_TEST(wait_until([&] { return nothing_waits() && list() != ""; }, patience));
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(new_models_roll_through_the_fleet) {
  write(300);
  BOOST_REQUIRE(wait_until([&] { return lists() == 300 && nothing_waits(); }, patience));
  change_models();
  for (std::size_t i = 0; i < replicas; ++i) {
    all[i]->signal(SIGHUP);
    const auto outdated = static_cast<double>(replicas - 1 - i);
    BOOST_TEST(wait_until([&] { return sum("winnow_fleet_outdated") == outdated; }));
    BOOST_TEST(wait_until([&] { return sum("winnow_fleet_leader") == 1; }));
    // While it is outdated, its lists do not replace those of the newer models.
    BOOST_TEST(all.back()->http().post("/recommend/reader%201").status == 200u);
  }
  BOOST_TEST(wait_until([&] { return all[0]->metric("winnow_fleet_versions") == 1; }));
  // All lists anew, perhaps without the one that was asked for.
  BOOST_TEST(wait_until([&] { return sum("winnow_poller_profiles_changed_total") >= 599 && nothing_waits(); },
                        patience));
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(operators_see_all_replicas) {
  const auto url = all[0]->output().substr(all[0]->output().find("admin on http://") + 16);
  const auto ask = [&](strings words) {
    words.insert(words.begin(), {required_variable("WINNOW_BIN_DIR") + "/winnowctl", "--admin",
                                 url.substr(0, url.find('\n')), "--token", "hush"});
    const auto file = directory.path() + "/answer";
    winnow::test::child_process asked(words, file);
    BOOST_TEST(asked.wait().value_or(-1) == 0);
    return written_so_far(file);
  };
  const auto table = ask({"fleet"});
  BOOST_TEST(table.find("fleet shop: models ") == 0u);
  BOOST_TEST(table.find("leader") != std::string::npos);
  nlohmann::json fleet;
  BOOST_TEST(wait_until([&] {
    fleet = nlohmann::json::parse(ask({"--json", "fleet"}));
    const auto& listed = fleet["replicas"];
    return listed.size() == replicas && std::all_of(listed.begin(), listed.end(), [](const auto& one) {
             return !one["admin"].template get<std::string>().empty();
           });
  }));
  const auto statuses = nlohmann::json::parse(ask({"--all", "status", "--json"}));
  BOOST_TEST(statuses.size() == replicas);
  for (const auto& one : statuses)
    BOOST_TEST(one["status"]["fleet"]["replica"] == one["id"]);
  BOOST_TEST(ask({"--all", "status"}).find("fleet_member") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_fleet_needs_a_store_that_others_reach) {
  daemon_process alone({"--store", "memory:", "--fleet", "shop", "--model-dir", models});
  BOOST_TEST(alone.wait().value_or(0) == 78);
  BOOST_TEST(alone.errors().find("a store that other replicas reach") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
