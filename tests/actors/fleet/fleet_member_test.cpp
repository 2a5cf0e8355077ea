// The fleet member alone: what it is told and shown, and what it then says. No store, and no time that
// passes.

#include "actors/fleet/fleet_member.hpp"
#include "config/log/event_ring.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/bookshop.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();
const auto fault_of_store = tl::make_unexpected(error{fault::unavailable, "the store is away"});

/// What the store shows and takes.
struct script {
  fleet_state shown; ///< The next looks.
  bool is_away = false;
  bool refuses = false;        ///< Another replica leads.
  bool denies_taking = false;  ///< It shows the fleet, but gives no entries.
  bool hides_erasures = false; ///< The same: no erasures.
  std::deque<std::vector<fleet_entry>> arriving;
  std::vector<fleet_entry> taken_by_others;
  std::vector<fleet_value> values;
  std::vector<fleet_erasure> erasures;
  strings renewed_away; ///< Ids that the next renewal finds lost.

  strings shared, acknowledged, erased;
  std::vector<fleet_value> told;
  std::size_t asked = 0;
  fleet_report last_report;
};

struct scripted_access final : fleet_access {
  explicit scripted_access(std::shared_ptr<script> of) : all(std::move(of)) {}

  template<class Value>
  result<Value> given(Value value) const {
    if (all->is_away)
      return fault_of_store;
    return value;
  }

  result<fleet_state> beat(const fleet_report& report, const part&) override {
    all->last_report = report;
    return given(all->shown);
  }
  result<void> leave() override { return {}; }
  result<fleet_enqueued> enqueue(std::uint64_t, const strings& keys, std::uint64_t) override {
    if (all->refuses)
      return fleet_enqueued{true, 0, 0};
    all->shared.insert(all->shared.end(), keys.begin(), keys.end());
    return fleet_enqueued{false, keys.size(), keys.size()};
  }
  result<void> ask(std::size_t, milliseconds) override {
    ++all->asked;
    if (all->denies_taking)
      return tl::make_unexpected(error{fault::denied, "XREADGROUP: NOPERM user ann", "XREADGROUP: denied"});
    return {};
  }
  std::optional<store_wait> awaited() const override { return std::nullopt; }
  result<std::vector<fleet_entry>> arrived() override {
    if (all->arriving.empty())
      return std::vector<fleet_entry>();
    auto next = all->arriving.front();
    all->arriving.pop_front();
    return next;
  }
  result<strings> renew(const strings&) override { return std::exchange(all->renewed_away, {}); }
  result<std::vector<fleet_entry>> claim(milliseconds, std::size_t) override {
    return std::vector<fleet_entry>();
  }
  result<std::uint64_t> acknowledge(const strings& ids) override {
    if (all->is_away)
      return fault_of_store;
    all->acknowledged.insert(all->acknowledged.end(), ids.begin(), ids.end());
    return ids.size();
  }
  result<fleet_observation> observe(const std::string& last, const std::string&, std::size_t) override {
    return fleet_observation{std::exchange(all->taken_by_others, {}), last};
  }
  result<std::optional<std::uint64_t>> trim(std::uint64_t, milliseconds) override {
    return std::optional<std::uint64_t>(0);
  }
  result<void> tell(const std::vector<fleet_value>& values) override {
    if (all->is_away)
      return fault_of_store;
    all->told.insert(all->told.end(), values.begin(), values.end());
    return {};
  }
  result<fleet_news> news_after(std::uint64_t told, std::size_t) override {
    fleet_news news;
    news.values = all->values;
    news.told = told + news.values.size();
    return news;
  }
  result<std::vector<fleet_value>> all_values() override { return all->values; }
  result<void> tell_erased(const std::string& user_id) override {
    if (all->is_away)
      return fault_of_store;
    all->erased.push_back(user_id);
    return {};
  }
  result<std::vector<fleet_erasure>> erased_after(const std::string&) override {
    if (all->hides_erasures)
      return fault_of_store;
    return all->erasures;
  }

  std::shared_ptr<script> all;
};

/// What the neighbours were told.
struct heard {
  std::vector<fleet_role> roles;
  strings taken, seen, forgotten, items;
  std::size_t all_items = 0, relearn = 0;
};

profile_poller_actor::behavior_type recording_poller(profile_poller_actor::pointer,
                                                     std::shared_ptr<heard> all) {
  return {[](wire_atom, const neighbours_ptr&) {},
          [](changed_atom, const change_batch_ptr&) {},
          [](stored_atom, const stored_lists_ptr&) {},
          [](untracked_atom, const std::string&) {},
          [all](role_atom, fleet_role role) { all->roles.push_back(role); },
          [all](taken_atom, const fleet_entries_ptr& entries) {
            for (const auto& one : *entries)
              all->taken.push_back(one.key);
          },
          [all](seen_atom, const profile_keys_ptr& keys) {
            for (const auto& one : *keys)
              all->seen.push_back(one.user_id);
          },
          [all](relearn_atom) { ++all->relearn; },
          [](drain_atom) {},
          [](status_atom) { return status_of(actor_record()); }};
}

item_keeper_actor::behavior_type recording_keeper(item_keeper_actor::pointer, std::shared_ptr<heard> all) {
  return {[](update_atom, const item_change_ptr&) { return item_reply(); },
          [all](update_atom, const told_items_ptr& told) {
            all->all_items += told->all ? 1 : 0;
            for (const auto& one : told->facts)
              all->items.push_back(one.item_id);
          },
          [](wire_atom, const neighbours_ptr&) {}, [](status_atom) { return status_of(actor_record()); }};
}

transition_learner_actor::behavior_type recording_learner(transition_learner_actor::pointer,
                                                          std::shared_ptr<heard> all) {
  return {[](wire_atom, const neighbours_ptr&) {},
          [](changed_atom, const changed_profiles_ptr&) {},
          [](relearn_atom) { return model_set_ptr(); },
          [](forget_atom, const std::string&) { return std::make_shared<const result<std::uint64_t>>(0); },
          [all](forget_atom, const user_ids_ptr& users) {
            all->forgotten.insert(all->forgotten.end(), users->begin(), users->end());
          },
          [](status_atom) { return status_of(actor_record()); }};
}

struct member_fixture {
  member_fixture() {
    store->shown.delivered = "5-0";
    store->shown.in_force = bookshop()->version;
    others.models = bookshop();
    others.poller = world.spawn(recording_poller, said);
    others.items = world.spawn(recording_keeper, said);
    others.learner = world.spawn(recording_learner, said);
    options.fleet.name = "shop";
    spawn_member();
  }

  void spawn_member() {
    fleet_parts parts;
    parts.options = options;
    parts.board = board;
    parts.health = health;
    parts.meters = std::make_shared<metrics>();
    parts.access = [this] { return std::make_unique<scripted_access>(store); };
    parts.clock = [this] { return now; };
    parts.shares = {[this] { return own; },
                    [this](const told_experiment& told) { experiments.push_back(told.text); },
                    [this](const std::string& user, bool before_start) {
                      forgotten.push_back(before_start ? user + " before the start" : user);
                    }};
    beat_time = parts.times.beat;
    member = world.spawn(fleet_member, std::move(parts));
  }

  void start() { wire(); }
  void wire() { world.tell(member, wire_atom_v, std::make_shared<const neighbours>(others)); }

  void beat(std::chrono::milliseconds later = 400ms) {
    now += later;
    world.advance(beat_time);
  }

  void lead() {
    store->shown.fence = 1;
    beat();
  }

  void arrive(std::vector<fleet_entry> entries) {
    store->arriving.push_back(std::move(entries));
    world.tell(member, arrived_atom_v);
  }

  bool enqueue(const strings& users) {
    std::vector<profile_key> keys;
    for (const auto& user : users)
      keys.push_back({user, {}});
    const auto answer =
        world.ask<bool>(caf::actor_cast<fleet_member_actor>(member), caf::infinite, enqueue_atom_v,
                        profile_keys_ptr(std::make_shared<const std::vector<profile_key>>(std::move(keys))));
    return answer->reply.value_or(false);
  }

  void finish(strings computed, strings unchanged = {}) {
    world.tell(member, done_atom_v,
               std::make_shared<const finished_entries>(
                   finished_entries{std::move(computed), std::move(unchanged)}));
  }

  settings options;
  std::optional<told_experiment> own; ///< The latest experiment of this replica.
  strings experiments, forgotten;     ///< Of the fleet.
  std::shared_ptr<script> store = std::make_shared<script>();
  std::shared_ptr<heard> said = std::make_shared<heard>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<fleet_board> board = std::make_shared<fleet_board>("shop", "me", 1500ms);
  steady_clock::time_point now = steady_clock::now();
  std::chrono::milliseconds beat_time{};
  neighbours others;
  actor_world world;
  fleet_member_self member;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fleet_member_suite, member_fixture)

BOOST_AUTO_TEST_CASE(what_the_store_shows_decides_the_role) {
  start();
  lead();
  store->shown.fence = 0;
  beat();
  store->shown.in_force = "newer";
  beat();
  store->shown.in_force = bookshop()->version;
  store->shown.fence = 7;
  beat();
  BOOST_TEST(
      (said->roles == std::vector<fleet_role>{fleet_role::follower, fleet_role::leader, fleet_role::follower,
                                              fleet_role::outdated, fleet_role::leader}));
}

BOOST_AUTO_TEST_CASE(a_leader_stays_one_while_the_store_is_away_for_less_than_the_lease) {
  start();
  lead();
  store->is_away = true;
  beat(1900ms);
  BOOST_TEST((said->roles.back() == fleet_role::leader));
  beat(200ms);
  BOOST_TEST((said->roles.back() == fleet_role::follower));
}

BOOST_AUTO_TEST_CASE(a_leader_shares_each_change_once_and_one_that_is_fenced_shares_none) {
  start();
  lead();
  BOOST_TEST(enqueue({"a", "b", "a"}));
  BOOST_TEST(store->shared == (strings{"user_profile:a", "user_profile:b"}), each);
  store->refuses = true;
  enqueue({"c"});
  BOOST_TEST((said->roles.back() == fleet_role::follower));
  store->refuses = false;
  beat();
  BOOST_TEST(store->shared.size() == 2u); // the next leader finds it
}

BOOST_AUTO_TEST_CASE(entries_pass_to_the_poller_and_are_acknowledged_when_it_has_finished) {
  start();
  beat();
  BOOST_TEST(store->asked > 0u);
  arrive({{"6-0", "user_profile:a"}, {"6-1", "something else"}, {"6-2", "user_profile:b"}});
  BOOST_TEST(said->taken == (strings{"user_profile:a", "user_profile:b"}), each);
  BOOST_TEST(store->acknowledged == strings{"6-1"}, each);
  finish({"6-0"}, {"6-2"});
  BOOST_TEST(store->acknowledged == (strings{"6-1", "6-0", "6-2"}), each);
  beat();
  BOOST_TEST(store->last_report.computed == 1u);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_acknowledged_is_later) {
  start();
  beat();
  arrive({{"6-0", "user_profile:a"}});
  store->is_away = true;
  finish({"6-0"});
  BOOST_TEST(store->acknowledged.empty());
  store->is_away = false;
  beat();
  BOOST_TEST(store->acknowledged == strings{"6-0"}, each);
}

BOOST_AUTO_TEST_CASE(what_the_store_refuses_for_long_degrades_the_service) {
  health->store_connected = true;
  start();
  store->denies_taking = true;
  beat();
  BOOST_TEST(health->reasons_degraded().empty());
  for (int i = 0; i < 6; ++i)
    beat();
  BOOST_TEST(health->reasons_degraded() == strings{"the store does not serve the fleet: XREADGROUP: denied"},
             each);
  store->denies_taking = false;
  beat(); // nothing failed, but something had since the look before
  beat();
  BOOST_TEST(health->reasons_degraded().empty());
}

BOOST_AUTO_TEST_CASE(a_failure_that_repeats_is_logged_once_and_its_end_once) {
  start();
  beat();
  const auto before = kept_events().last_id();
  store->denies_taking = true;
  for (int i = 0; i < 20; ++i)
    beat();
  store->denies_taking = false;
  for (int i = 0; i < 20; ++i)
    beat();
  BOOST_TEST(kept_events().last_id() - before == 2u);
}

BOOST_AUTO_TEST_CASE(replicas_with_other_widths_have_other_models) {
  options.cascade.ranknet_keep = 10;
  spawn_member();
  start();
  beat();
  BOOST_TEST((said->roles.back() == fleet_role::outdated));
  BOOST_TEST(store->last_report.models == bookshop()->version + "-100-50-10");
}

BOOST_AUTO_TEST_CASE(an_outdated_replica_takes_nothing) {
  store->shown.in_force = "newer";
  start();
  beat();
  BOOST_TEST(store->asked == 0u);
  arrive({{"6-0", "user_profile:a"}});
  BOOST_TEST(said->taken.empty());
}

BOOST_AUTO_TEST_CASE(the_poller_sees_what_others_take_but_not_its_own) {
  start();
  beat();
  arrive({{"6-0", "user_profile:a"}});
  store->taken_by_others = {{"6-0", "user_profile:a"}, {"6-1", "user_profile:b"}};
  store->shown.delivered = "6-1";
  beat();
  BOOST_TEST(said->seen == strings{"b"}, each);
}

BOOST_AUTO_TEST_CASE(a_new_stream_ends_what_is_in_hand_and_the_leader_begins_again) {
  start();
  lead();
  arrive({{"6-0", "user_profile:a"}});
  const auto told = said->roles.size();
  store->shown.stream_is_new = true;
  beat();
  store->shown.stream_is_new = false;
  BOOST_TEST(said->roles.size() == told + 1);
  BOOST_TEST((said->roles.back() == fleet_role::leader));
  beat();
  BOOST_TEST(store->last_report.in_hand == 0u);
}

BOOST_AUTO_TEST_CASE(who_was_away_for_long_asks_the_learner_to_begin_anew) {
  start();
  beat();
  store->is_away = true;
  beat();
  store->is_away = false;
  beat(8s);
  BOOST_TEST(said->relearn == 1u);
}

// ---- what one replica is told ----

BOOST_AUTO_TEST_CASE(tells_the_fleet_what_clients_said_also_after_the_store_was_away) {
  start();
  store->is_away = true;
  const item_fact fact{"i", "hidden", 5, true};
  world.tell(member, update_atom_v, std::make_shared<const told_items>(told_items{{fact}, false}));
  const auto answer = world.ask<bool>(caf::actor_cast<fleet_member_actor>(member), caf::infinite,
                                      forget_atom_v, std::string("ann"));
  BOOST_TEST(answer->reply.value_or(true) == false);
  store->is_away = false;
  beat();
  BOOST_REQUIRE(store->told.size() == 1u);
  BOOST_TEST(store->told[0].name == R"(["i","hidden"])");
  BOOST_TEST(store->told[0].group == R"(["i"])");
  BOOST_TEST(store->told[0].text == "true");
  BOOST_TEST(store->erased == strings{"ann"}, each);
}

BOOST_AUTO_TEST_CASE(too_much_to_tell_is_left_to_the_item_keeper) {
  start();
  BOOST_TEST(said->all_items == 1u);
  store->is_away = true;
  std::vector<item_fact> facts;
  for (int i = 0; i <= 50'000; ++i)
    facts.push_back({std::to_string(i), "price", 5, i});
  world.tell(member, update_atom_v, std::make_shared<const told_items>(told_items{std::move(facts), false}));
  store->is_away = false;
  beat();
  BOOST_TEST(store->told.empty());
  BOOST_TEST(said->all_items == 2u); // it is asked for what is missing
}

BOOST_AUTO_TEST_CASE(an_erasure_that_is_tried_again_is_told_once) {
  start();
  store->is_away = true;
  for (int i = 0; i < 3; ++i)
    world.ask<bool>(caf::actor_cast<fleet_member_actor>(member), caf::infinite, forget_atom_v,
                    std::string("ann"));
  store->is_away = false;
  beat();
  BOOST_TEST(store->erased == strings{"ann"}, each);
}

BOOST_AUTO_TEST_CASE(reads_everything_at_first_and_then_what_is_new) {
  store->values = {{R"(["i","hidden"])", {}, 5, "true"}, {R"({"of":"a newer version"})", {}, 5, "1"}};
  store->shown.told = 2;
  start();
  BOOST_TEST(said->all_items == 1u);
  BOOST_TEST(said->items == strings{"i"}, each);
  beat();
  BOOST_TEST(said->items.size() == 1u); // nothing is new
  store->values = {{R"(["j"])", {}, 6, "null"}};
  store->shown.told = 3;
  beat();
  BOOST_TEST(said->all_items == 1u);
  BOOST_TEST(said->items == (strings{"i", "j"}), each);
  store->shown.told = 1; // the store lost its data: what this replica knows must be told again
  beat();
  BOOST_TEST(said->all_items == 2u);
}

BOOST_AUTO_TEST_CASE(has_the_learner_forget_users) {
  store->shown.erased = "9-1";
  store->erasures = {{"9-0", "ann"}, {"9-1", "ben"}};
  start();
  beat();
  BOOST_TEST(said->forgotten == (strings{"ann", "ben"}), each);
}

BOOST_AUTO_TEST_CASE(has_what_is_no_actor_forget_users) {
  store->shown.erased = "9-0";
  store->erasures = {{"9-0", "ann"}};
  start();
  beat();
  BOOST_TEST(forgotten == strings{"ann before the start"}, each);
  forgotten.clear();
  store->shown.erased = "9-1";
  store->erasures = {{"9-1", "ben"}};
  beat();
  BOOST_TEST(forgotten == strings{"ben"}, each);
}

BOOST_AUTO_TEST_CASE(erasures_that_cannot_be_read_at_first_may_be_of_before_the_start_all_the_same) {
  store->shown.erased = "9-0";
  store->erasures = {{"9-0", "ann"}};
  store->hides_erasures = true;
  start();
  beat();
  BOOST_TEST(forgotten.empty());
  store->hides_erasures = false;
  beat();
  BOOST_TEST(forgotten == strings{"ann before the start"}, each);
}

BOOST_AUTO_TEST_CASE(an_erasure_is_none_of_before_the_start_if_none_was_there_then) {
  start();
  beat();
  store->shown.erased = "9-0";
  store->erasures = {{"9-0", "ann"}};
  beat();
  BOOST_TEST(forgotten == strings{"ann"}, each);
}

BOOST_AUTO_TEST_CASE(a_member_that_is_restarted_hears_of_all_who_are_erased) {
  start();
  beat();
  store->shown.erased = "9-0";
  store->erasures = {{"9-0", "ann"}};
  world.kill(member);
  spawn_member();
  wire();
  BOOST_TEST(forgotten == strings{"ann"}, each); // the process may know her by what it read
}

BOOST_AUTO_TEST_CASE(tells_the_fleet_of_the_own_experiment_once) {
  start();
  beat();
  BOOST_TEST(store->told.empty());
  own = told_experiment{7, "{}"};
  beat();
  beat();
  BOOST_REQUIRE(store->told.size() == 1u);
  BOOST_TEST(store->told[0].time == 7);
  BOOST_TEST(store->told[0].name == R"("experiment")");
  BOOST_TEST(store->told[0].text == "{}");
}

BOOST_AUTO_TEST_CASE(takes_the_experiment_of_the_fleet_until_there_is_a_later_one) {
  store->values = {{R"("experiment")", {}, 5, "first"}, {R"(["i","hidden"])", {}, 5, "true"}};
  store->shown.told = 2;
  own = told_experiment{3, "own"};
  start();
  BOOST_TEST(experiments == strings{"first"}, each);
  BOOST_TEST(said->items == strings{"i"}, each);
  beat(); // whether it is news, its taker knows
  BOOST_TEST(experiments == (strings{"first", "first"}), each);
  store->values = {{R"("experiment")", {}, 6, "second"}};
  store->shown.told = 3;
  beat();
  BOOST_TEST(experiments.back() == "second");
  own = told_experiment{8, "own"};
  beat();
  BOOST_REQUIRE(store->told.size() == 1u);
  BOOST_TEST(store->told[0].text == "own");
}

BOOST_AUTO_TEST_CASE(tells_a_store_that_lost_the_experiment_again) {
  own = told_experiment{7, "own"};
  start();
  BOOST_TEST(store->told.size() == 1u);
  store->shown.stream_is_new = true;
  beat();
  store->shown.stream_is_new = false;
  BOOST_TEST(store->told.size() == 2u);
}

BOOST_AUTO_TEST_CASE(reports_what_was_learned) {
  board->learned = 0xab;
  start();
  BOOST_TEST(store->last_report.learned == "00000000000000ab");
  BOOST_TEST(store->last_report.rules.empty());
}

BOOST_AUTO_TEST_SUITE_END()
