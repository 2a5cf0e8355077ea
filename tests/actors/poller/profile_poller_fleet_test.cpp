// The poller as part of a fleet: who reads, who shares and who computes.

#include "actors/pipeline/profile_digest.hpp"
#include "config/log/event_ring.hpp"
#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using manner = recommender_script::manner;
using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

/// What the poller has told its neighbours.
struct told {
  strings shared, computed, unchanged, learned;
  bool room = true; ///< What the member answers.
};

fleet_member_actor::behavior_type recording_member(fleet_member_actor::pointer, std::shared_ptr<told> all) {
  return {[](wire_atom, const neighbours_ptr&) {},
          [all](enqueue_atom, const profile_keys_ptr& keys) {
            for (const auto& key : *keys)
              all->shared.push_back(to_redis_key(key).substr(13));
            return all->room;
          },
          [all](done_atom, const finished_entries_ptr& finished) {
            all->computed.insert(all->computed.end(), finished->computed.begin(), finished->computed.end());
            all->unchanged.insert(all->unchanged.end(), finished->unchanged.begin(),
                                  finished->unchanged.end());
          },
          [](update_atom, const told_items_ptr&) {},
          [](forget_atom, const std::string&) { return true; },
          [](drain_atom) {},
          [](status_atom) { return status_of(actor_record()); }};
}

transition_learner_actor::behavior_type recording_learner(transition_learner_actor::pointer,
                                                          std::shared_ptr<told> all) {
  return {[](wire_atom, const neighbours_ptr&) {},
          [all](changed_atom, const changed_profiles_ptr& batch) {
            for (const auto& one : *batch)
              all->learned.push_back(one.user_id);
          },
          [](relearn_atom) { return model_set_ptr(); },
          [](forget_atom, const std::string&) -> count_reply {
            return std::make_shared<const result<std::uint64_t>>(0);
          },
          [](forget_atom, const user_ids_ptr&) {},
          [](status_atom) { return status_of(actor_record()); }};
}

struct fleet_fixture : poller_fixture {
  fleet_fixture() {
    role = fleet_role::follower;
    fleet = world.spawn(recording_member, all);
    learner = world.spawn(recording_learner, all);
  }

  void becomes(fleet_role next) { world.tell(poller, role_atom_v, next); }

  void take(const std::string& id, const std::string& user, const std::string& timestamp = {}) {
    world.tell(poller, taken_atom_v,
               std::make_shared<const std::vector<fleet_entry>>(
                   std::vector<fleet_entry>{{id, to_redis_key({user, timestamp})}}));
  }

  void see(const std::string& user, const std::string& timestamp = {}) {
    world.tell(poller, seen_atom_v,
               std::make_shared<const std::vector<profile_key>>(std::vector<profile_key>{{user, timestamp}}));
  }

  /// A replica stores a list of the profile `["1"]`.
  void put_list(const std::string& user, bool lacks_stage) {
    store->keep_records();
    write_list command{user, {}, "[]"};
    command.record =
        list_record{content_digest(R"(["1"])"),
                    list_basis(bookshop()->version, bookshop()->widths, lacks_stage), content_digest("[]")};
    const store_command one = command;
    store->execute({&one, 1});
  }

  std::shared_ptr<told> all = std::make_shared<told>();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_fleet_suite, fleet_fixture)

BOOST_AUTO_TEST_CASE(a_profile_without_a_timestamp_beside_a_newer_one_is_acknowledged_and_not_computed) {
  start();
  write("u", R"(["1"])", "1700000001");
  take("1-0", "u", "1700000001");
  write("u", R"(["2"])");
  take("2-0", "u");
  BOOST_TEST(acts->seen.size() == 1u);
  BOOST_TEST(all->computed == strings{"1-0"}, each);
  BOOST_TEST(all->unchanged == strings{"2-0"}, each);
}

BOOST_AUTO_TEST_CASE(a_follower_reads_all_profiles_once_and_computes_none) {
  write("a", R"(["1"])");
  write("b", R"(["1"])", "1700000001");
  start();
  BOOST_TEST(health->profiles_listed);
  std::sort(all->learned.begin(), all->learned.end());
  BOOST_TEST(all->learned == (strings{"a", "b"}), each);
  BOOST_TEST(directory->newest("b").timestamp == "1700000001");
  write("c", R"(["1"])");
  now += settings.sweep_interval * 2;
  world.advance(settings.sweep_interval);
  announce("c");
  BOOST_TEST(acts->seen.empty());
  BOOST_TEST(all->shared.empty());
  BOOST_TEST(all->learned.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_leader_shares_no_older_profile_for_a_loss_alone) {
  start();
  becomes(fleet_role::leader);
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"}) {
    write("u", R"(["1"])", timestamp);
    execute(write_list{"u", timestamp, "[]"});
    announce("u", timestamp);
  }
  all->shared.clear();
  for (int i = 0; i < 3; ++i)
    sweep();
  for (const auto& shared : all->shared)
    BOOST_TEST(shared == "u:1700000003"); // nothing was dealt with here
}

BOOST_AUTO_TEST_CASE(a_daemon_outside_of_the_fleet_that_replaces_its_lists_is_told_of) {
  start();
  becomes(fleet_role::leader);
  write("a", R"(["1"])");
  take("1-0", "a");
  BOOST_REQUIRE(computed() == strings{"a"});
  store->keep_records();
  write_list others{"a", {}, "[]"};
  others.record = list_record{content_digest(R"(["1"])"), 4711, content_digest("[]")};
  const store_command one = others;
  store->execute({&one, 1});
  const auto before = kept_events().last_id();
  const auto told = [before] {
    std::size_t count = 0;
    for (const auto& event : kept_events().since(before))
      count += event.event == "lists that another daemon made of other models are replaced" ? 1 : 0;
    return count;
  };
  sweep();
  becomes(fleet_role::outdated); // it was a replica with newer models
  becomes(fleet_role::leader);
  BOOST_TEST(told() == 0u);
  sweep();
  BOOST_TEST(told() == 1u);
}

BOOST_AUTO_TEST_CASE(a_leader_shares_what_is_announced_without_reading_it) {
  start();
  becomes(fleet_role::leader);
  announce("nobody");
  BOOST_TEST(all->shared == strings{"nobody"}, each);
  BOOST_TEST(metric("winnow_poller_profiles_seen_total") == 0);
  BOOST_TEST(acts->seen.empty());
}

BOOST_AUTO_TEST_CASE(a_new_leader_sweeps_and_shares_what_is_due) {
  start();
  write("a", R"(["1"])");
  becomes(fleet_role::leader);
  BOOST_TEST(all->shared == strings{"a"}, each);
  BOOST_TEST(acts->seen.empty());
  becomes(fleet_role::leader); // it lost the lease and has it again
  BOOST_TEST(all->shared == (strings{"a", "a"}), each);
}

BOOST_AUTO_TEST_CASE(what_was_taken_is_computed_and_acknowledged) {
  start();
  write("a", R"(["1"])");
  take("1-0", "a");
  BOOST_TEST(computed() == strings{"a"}, each);
  BOOST_TEST(all->computed == strings{"1-0"}, each);
  BOOST_TEST(all->learned == strings{"a"}, each);
}

BOOST_AUTO_TEST_CASE(a_leader_shares_lists_without_all_stages_until_they_have_all) {
  write("a", R"(["1"])");
  put_list("a", true);
  start();
  becomes(fleet_role::leader);
  BOOST_TEST(all->shared.empty());
  pass(2s);
  BOOST_TEST(all->shared == strings{"a"}, each);
  sweep(); // the replica that took it lacked the stage, too
  BOOST_TEST(all->shared == strings{"a"}, each);
  pass(3s);
  BOOST_TEST(all->shared == (strings{"a", "a"}), each);
  put_list("a", false);
  sweep();
  pass(1min);
  BOOST_TEST(all->shared == (strings{"a", "a"}), each);
}

BOOST_AUTO_TEST_CASE(a_list_without_all_stages_is_computed_again_by_who_takes_it) {
  write("a", R"(["1"])");
  put_list("a", true);
  start();
  pass(1min);
  BOOST_TEST(acts->seen.empty());
  take("1-0", "a");
  BOOST_TEST(computed() == strings{"a"}, each);
  BOOST_TEST(all->computed == strings{"1-0"}, each);
}

BOOST_AUTO_TEST_CASE(a_follower_computes_the_lists_again_that_it_stored_without_all_stages) {
  bool lacks_stage = true;
  acts->answer = [&](const recommendation_request_ptr& request) {
    put_list(request->user_id, lacks_stage);
    recommendation made;
    if (lacks_stage)
      made.degraded = {"din: internal"};
    return std::make_shared<const result<recommendation>>(made);
  };
  for (const auto* user : {"a", "b"})
    write(user, R"(["1"])");
  put_list("b", true); // by another replica
  start();
  take("1-0", "a");
  pass(2s);
  BOOST_TEST(acts->seen.size() > 1u);
  becomes(fleet_role::follower); // told again, which changes nothing
  lacks_stage = false;
  acts->seen.clear();
  pass(1min);
  BOOST_TEST(computed() == strings{"a"}, each);
}

BOOST_AUTO_TEST_CASE(a_list_that_lacks_a_stage_is_tried_again_after_a_refused_try) {
  int tries = 0;
  acts->answer = [&](const recommendation_request_ptr& request) {
    if (++tries == 2)
      return std::make_shared<const result<recommendation>>(fail(fault::conflict, "another type"));
    recommendation made;
    if (tries == 1)
      made.degraded = {"din: internal"};
    put_list(request->user_id, tries == 1);
    return std::make_shared<const result<recommendation>>(made);
  };
  write("a", R"(["1"])");
  start();
  take("1-0", "a");
  pass(1min);
  BOOST_TEST(tries == 3);
}

BOOST_AUTO_TEST_CASE(what_needs_no_list_is_acknowledged_too) {
  start();
  write("a", R"(["1"])");
  write("bad", "{}");
  take("1-0", "a");
  take("2-0", "a"); // unchanged
  take("3-0", "gone");
  take("4-0", "bad");
  BOOST_TEST(all->computed == strings{"1-0"}, each);
  BOOST_TEST(all->unchanged == (strings{"2-0", "3-0", "4-0"}), each);
}

BOOST_AUTO_TEST_CASE(a_change_during_a_computation_is_acknowledged_after_its_own) {
  start();
  write("a", R"(["1"])");
  acts->how = manner::hold;
  take("1-0", "a");
  write("a", R"(["1","2"])");
  take("2-0", "a");
  take("3-0", "a");
  acts->how = manner::hold;
  acts->release_first();
  world.run();
  BOOST_TEST(all->computed == strings{"1-0"}, each);
  acts->release();
  world.run();
  BOOST_TEST(all->computed == (strings{"1-0", "2-0", "3-0"}), each);
  BOOST_TEST(acts->seen.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_failure_that_passes_is_not_acknowledged) {
  start();
  write("a", R"(["1"])");
  const auto works = acts->answer;
  acts->answer = [](const recommendation_request_ptr&) {
    return std::make_shared<const result<recommendation>>(fail(fault::unavailable, "away"));
  };
  take("1-0", "a");
  BOOST_TEST(all->computed.empty());
  BOOST_TEST(all->unchanged.empty());
  acts->answer = works;
  world.advance(200ms);
  BOOST_TEST(all->computed == strings{"1-0"}, each);
}

BOOST_AUTO_TEST_CASE(the_learner_is_told_what_others_compute) {
  start();
  write("a", R"(["1"])");
  see("a");
  see("gone");
  BOOST_TEST(all->learned == strings{"a"}, each);
  BOOST_TEST(acts->seen.empty());
  write("b", R"(["1"])", "1700000001");
  see("b", "1700000001");
  BOOST_TEST(directory->newest("b").timestamp == "1700000001");
}

BOOST_AUTO_TEST_CASE(an_older_profile_sets_only_its_own_result) {
  start();
  write("u", R"(["1"])", "1700000002");
  write("u", R"(["1"])", "1700000001");
  see("u", "1700000002");
  take("1-0", "u", "1700000001");
  BOOST_REQUIRE(acts->seen.size() == 1u);
  BOOST_TEST(!acts->seen[0]->newest);
  BOOST_TEST(all->computed == strings{"1-0"}, each);
}

BOOST_AUTO_TEST_CASE(a_profile_that_another_displaced_gets_its_own_result) {
  start();
  acts->how = manner::hold;
  pipeline.background_in_flight = 1;
  write("u", R"(["1"])", "1700000001");
  write("u", R"(["1"])", "1700000002");
  take("1-0", "u", "1700000001");
  acts->release();
  world.run();
  BOOST_TEST(all->computed == strings{"1-0"}, each);
  world.tell(poller, taken_atom_v,
             std::make_shared<const std::vector<fleet_entry>>(std::vector<fleet_entry>{
                 {"2-0", "user_profile:u:1700000001"}, {"3-0", "user_profile:u:1700000002"}}));
  auto ids = all->computed;
  ids.insert(ids.end(), all->unchanged.begin(), all->unchanged.end());
  std::sort(ids.begin(), ids.end());
  BOOST_TEST(ids == (strings{"1-0", "2-0", "3-0"}), each);
}

BOOST_AUTO_TEST_CASE(a_leader_finds_the_older_profile_of_a_user_whose_newest_is_gone) {
  write("u", R"(["1"])", "1700000001");
  write("u", R"(["1"])", "1700000002");
  start();
  becomes(fleet_role::leader);
  all->shared.clear();
  execute(erase_profile{{"u", "1700000002"}});
  see("u", "1700000002");
  now += 1min;
  world.advance(settings.sweep_interval);
  BOOST_TEST(all->shared == strings{"u:1700000001"}, each);
}

// A follower does not sweep. Had it to wait for a profile that is gone, it would take all others for older
// ones.
BOOST_AUTO_TEST_CASE(a_follower_forgets_a_newest_profile_that_is_gone) {
  learner = nullptr;
  write("u", R"(["1"])", "1700000001");
  write("u", R"(["1"])", "1700000002");
  start();
  BOOST_TEST(directory->newest("u").timestamp == "1700000002");
  execute(erase_profile{{"u", "1700000002"}});
  see("u", "1700000002"); // another one has taken the removal
  BOOST_TEST(directory->newest("u").timestamp == "");
  take("1-0", "u", "1700000001"); // found by the leader's sweep
  BOOST_TEST(directory->newest("u").timestamp == "1700000001");
  BOOST_REQUIRE(acts->seen.size() == 1u);
  BOOST_TEST(acts->seen[0]->newest);
  execute(erase_profile{{"u", "1700000001"}});
  take("2-0", "u", "1700000001"); // takes the removal itself
  BOOST_TEST(all->unchanged == strings{"2-0"}, each);
  BOOST_TEST(directory->newest("u").timestamp == "");
  write("u", R"(["1"])");
  take("3-0", "u");
  BOOST_REQUIRE(acts->seen.size() == 2u);
  BOOST_TEST(acts->seen[1]->newest);
}

BOOST_AUTO_TEST_CASE(what_others_take_is_read_only_for_users_whose_list_is_watched) {
  learner = nullptr;
  taken = std::make_shared<taken_watch>(10);
  write("a", R"(["1"])");
  write("b", R"(["1"])");
  start();
  taken->show(taken->look("a", strings{}), std::vector<std::string_view>{"1"}, {"version"}, 0);
  const auto before = store->executed();
  see("b");
  BOOST_TEST(store->executed() == before);
  see("a");
  BOOST_TEST(store->executed() == before + 1);
  BOOST_TEST(!taken->watches("a")); // the user's last list is now the other replica's
}

BOOST_AUTO_TEST_CASE(a_sweep_shares_the_newest_profile_before_older_ones) {
  write("u", R"(["1"])", "1700000002");
  start();
  becomes(fleet_role::leader);
  all->shared.clear();
  write("u", R"(["1"])", "1700000001");
  sweep();
  BOOST_REQUIRE(all->shared.size() >= 2u);
  BOOST_TEST(all->shared[0] == "u:1700000002");
  BOOST_TEST(all->shared[1] == "u:1700000001");
}

BOOST_AUTO_TEST_CASE(an_outdated_replica_leaves_what_it_has_to_the_others) {
  start();
  write("a", R"(["1"])");
  acts->how = manner::hold;
  take("1-0", "a");
  becomes(fleet_role::outdated);
  acts->release();
  world.run();
  BOOST_TEST(all->computed.empty());
  BOOST_TEST(all->unchanged.empty());
}

BOOST_AUTO_TEST_CASE(a_sweep_pauses_while_too_many_changes_wait) {
  pipeline.background_in_flight = 1;
  for (const char* user : {"a", "b", "c", "e", "f", "g", "h", "i"})
    write(user, R"(["1"])");
  start();
  all->room = false;
  becomes(fleet_role::leader);
  BOOST_TEST(all->shared.size() < 5u); // what is being read is still shared
  write("d", R"(["1"])");
  take("1-0", "d"); // what was taken does not wait for it
  BOOST_TEST(computed() == strings{"d"}, each);
  all->room = true;
  world.advance(200ms);
  BOOST_TEST(all->shared.size() >= 8u);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_shared_is_found_by_the_next_sweep) {
  start();
  becomes(fleet_role::leader);
  world.kill(fleet);
  write("a", R"(["1"])");
  announce("a");
  fleet = world.spawn(recording_member, all);
  wire(bookshop());
  world.advance(settings.sweep_interval);
  BOOST_TEST(all->shared == strings{"a"}, each);
}

BOOST_AUTO_TEST_SUITE_END()
