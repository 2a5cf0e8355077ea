// What the poller does about lists that the store has: with records of what they were made of.

#include "actors/pipeline/profile_digest.hpp"
#include "config/log/event_ring.hpp"
#include "models/rules/rules_file.hpp"
#include "models/trials/model_trials.hpp"
#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

/// The recommender stores lists with their records, as the real one does.
struct lists_fixture : poller_fixture {
  lists_fixture() {
    store->keep_records();
    acts->answer = [this](const recommendation_request_ptr& request) {
      recommendation made;
      made.stored = !stale;
      if (lacks_stage(request->user_id))
        made.degraded = {"din: internal"};
      if (!stale)
        put_list(request->user_id, *request->source, request->timestamp);
      return std::make_shared<const result<recommendation>>(made);
    };
    write("u", R"(["1"])");
  }

  void put_list(const std::string& user, const profile_source& source, const std::string& timestamp = {}) {
    write_list command{user, timestamp, "[]"};
    command.record = list_record{source.digest,
                                 list_basis(models_of_user(bookshop(), trials, user)->version,
                                            bookshop()->widths, lacks_stage(user), plain_digest_of(rules)),
                                 content_digest("[]")};
    const store_command one = command;
    store->execute({&one, 1});
  }

  bool lacks_stage(const std::string& user) const { return degraded || user == broken; }

  /// The recommender has stored a list of a user whose profile is `["1"]`, for a request.
  void report_stored(const std::string& user) {
    put_list(user, source_of(R"(["1"])"));
    const auto digest =
        profile_digest(content_digest(R"(["1"])"), list_basis(bookshop()->version, bookshop()->widths));
    world.tell(poller, stored_atom_v,
               std::make_shared<const std::vector<stored_list>>(
                   std::vector<stored_list>{{user, digest, lacks_stage(user)}}));
  }

  static profile_source source_of(const std::string& json) {
    return {content_digest(json), fingerprint_of(json)};
  }

  /// Ends the poller, and starts another one, as the next process does.
  void restart() {
    world.kill(poller, caf::exit_reason::user_shutdown);
    acts->seen.clear();
    start();
  }

  bool stale = false;    ///< The profile has always changed when a list is to be stored.
  bool degraded = false; ///< Lists lack a stage.
  std::string broken;    ///< The user whose list always lacks one.
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_lists, lists_fixture)

BOOST_AUTO_TEST_CASE(a_restart_computes_only_what_is_due) {
  write("v", R"(["2"])");
  start();
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  restart();
  BOOST_CHECK_EQUAL(acts->seen.size(), 0u);
  write("v", R"(["2","3"])");
  restart();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 1u);
  BOOST_CHECK_EQUAL(acts->seen[0]->user_id, "v");
}

BOOST_AUTO_TEST_CASE(an_overwritten_list_is_repaired) {
  start();
  execute(write_list{"u", {}, "rubbish"});
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  BOOST_CHECK_EQUAL(metric("winnow_poller_lists_repaired_total"), 1);
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
}

BOOST_AUTO_TEST_CASE(the_list_of_an_older_profile_is_repaired) {
  start();
  put_list("u", source_of(R"(["before"])")); // the store lost its last second, and that of the list later
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  BOOST_CHECK_EQUAL(metric("winnow_poller_lists_repaired_total"), 1);
}

BOOST_AUTO_TEST_CASE(another_daemon_with_other_models_is_told_of) {
  start();
  const auto before = kept_events().last_id();
  write_list others{"u", {}, "[]"};
  others.record = list_record{source_of(R"(["1"])").digest, 4711, content_digest("[]")};
  const store_command one = others;
  store->execute({&one, 1});
  sweep();
  BOOST_CHECK_EQUAL(metric("winnow_poller_lists_repaired_total"), 1);
  std::size_t told = 0;
  for (const auto& event : kept_events().since(before))
    told += event.event == "lists that another daemon made of other models are replaced" ? 1 : 0;
  BOOST_CHECK_EQUAL(told, 1u);
}

BOOST_AUTO_TEST_CASE(lists_of_other_models_or_widths_are_due) {
  start();
  auto other = std::make_shared<model_set>(*bookshop());
  other->version = "other";
  acts->seen.clear();
  poller = world.spawn(profile_poller, parts());
  wire(other);
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);

  restart(); // stores the list of the bookshop again
  auto narrow = parts();
  narrow.cascade.ranknet_keep = 5;
  acts->seen.clear();
  poller = world.spawn(profile_poller, narrow);
  wire(bookshop());
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
}

BOOST_AUTO_TEST_CASE(lists_of_other_rules_are_due_but_not_those_of_other_placements) {
  const auto rules_of = [](const char* text) {
    return std::make_shared<const shop_rules>(parse_rules(text).value());
  };
  start();
  rules = rules_of(R"({"placements": {"cart": {"limit": 3}}})");
  wire(bookshop());
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
  rules = rules_of(R"({"exclude": ["x"]})");
  wire(bookshop()); // sweeps at once
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  rules = rules_of(R"({"exclude": ["x"], "placements": {"cart": {"limit": 3}}})");
  wire(bookshop());
  restart();
  BOOST_CHECK_EQUAL(acts->seen.size(), 0u);
  rules = nullptr;
  wire(bookshop());
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
}

BOOST_AUTO_TEST_CASE(an_experiment_makes_only_the_lists_due_of_users_with_another_version) {
  std::vector<std::string> users{"u"};
  for (int i = 0; i < 30; ++i) {
    users.push_back("user " + std::to_string(i));
    write(users.back(), R"(["1"])");
  }
  start();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), users.size());
  const auto divided = [](const experiment* before, double weight) {
    auto made = std::make_shared<model_trials>();
    made->running = begin_experiment({"layout", {}, {{"a", {}, 100 - weight}, {"b", {}, weight}}}, before, 1);
    made->arms = {nullptr, bookshop_of_version("of b")};
    return std::shared_ptr<const model_trials>(made);
  };
  const auto expected = [&](const model_trials_ptr& before) {
    std::vector<std::string> others;
    for (const auto& user : users)
      if (models_of_user(bookshop(), before, user)->version !=
          models_of_user(bookshop(), trials, user)->version)
        others.push_back(user);
    std::sort(others.begin(), others.end());
    return others;
  };
  model_trials_ptr before;
  for (const double weight : {50.0, 70.0, 20.0}) {
    acts->seen.clear();
    trials = divided(before ? &*before->running : nullptr, weight);
    wire(bookshop()); // sweeps at once
    const auto due = expected(before);
    BOOST_TEST(!due.empty());
    BOOST_TEST(computed() == due, boost::test_tools::per_element());
    before = trials;
    restart();
    BOOST_CHECK_EQUAL(acts->seen.size(), 0u);
  }
  trials = nullptr;
  wire(bookshop());
  BOOST_TEST(computed() == expected(before), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_list_without_all_stages_is_computed_again_once_they_answer) {
  degraded = true;
  start();
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
  degraded = false;
  pass(2s);
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  sweep();
  pass(1min);
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
}

BOOST_AUTO_TEST_CASE(a_list_without_all_stages_is_computed_again_by_the_next_process) {
  degraded = true;
  start();
  degraded = false;
  restart();
  pass(2s);
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
}

BOOST_AUTO_TEST_CASE(a_list_that_another_process_stored_without_all_stages_is_computed_again) {
  start();
  degraded = true;
  put_list("u", source_of(R"(["1"])"));
  degraded = false;
  sweep();
  pass(2s);
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
}

BOOST_AUTO_TEST_CASE(a_list_that_a_request_stored_without_all_stages_is_computed_again) {
  write("v", R"(["1"])");
  start();
  acts->seen.clear();
  degraded = true;
  report_stored("u");
  now += 2s;
  report_stored("v");
  BOOST_CHECK_EQUAL(acts->seen.size(), 0u);
  degraded = false;
  report_stored("v"); // so all stages answer
  BOOST_TEST(computed() == std::vector<std::string>{"u"}, boost::test_tools::per_element());
  pass(1min);
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
}

BOOST_AUTO_TEST_CASE(while_a_stage_fails_few_lists_are_computed_again_and_all_once_it_answers) {
  constexpr std::size_t users = 100;
  for (std::size_t i = 1; i < users; ++i) // and `u`
    write("user " + std::to_string(i), R"(["1"])");
  degraded = true;
  start();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), users);
  acts->seen.clear();
  for (int i = 0; i < 10; ++i) {
    pass(1min);
    sweep();
  }
  BOOST_TEST(acts->seen.size() > 10u);
  BOOST_TEST(acts->seen.size() < 40u);
  degraded = false;
  acts->seen.clear();
  pass(1min);
  BOOST_TEST(acts->seen.size() == users);
  pass(1min);
  sweep();
  BOOST_TEST(acts->seen.size() == users);
}

BOOST_AUTO_TEST_CASE(a_profile_for_which_a_stage_always_fails_is_tried_more_and_more_seldom) {
  broken = "broken";
  write(broken, R"(["1"])");
  start();
  acts->seen.clear();
  for (int i = 0; i < 600; ++i) {
    pass(1s);
    report_stored("u"); // all stages answer
  }
  BOOST_TEST(acts->seen.size() > 4u);
  BOOST_TEST(acts->seen.size() < 11u);
  broken.clear();
  write("broken", R"(["2"])"); // it can be ranked now
  announce("broken");
  acts->seen.clear();
  pass(1h);
  BOOST_TEST(acts->seen.empty());
}

BOOST_FIXTURE_TEST_CASE(what_a_request_stored_for_a_new_user_is_not_computed_again_without_records,
                        poller_fixture) {
  start();
  write("u", R"(["1"])");
  execute(write_list{"u", {}, "[]"});
  const auto digest =
      profile_digest(content_digest(R"(["1"])"), list_basis(bookshop()->version, bookshop()->widths));
  world.tell(poller, stored_atom_v,
             std::make_shared<const std::vector<stored_list>>(std::vector<stored_list>{{"u", digest}}));
  announce("u");
  BOOST_TEST(acts->seen.empty());
}

BOOST_FIXTURE_TEST_CASE(a_store_without_records_gets_lists_with_all_stages_too, poller_fixture) {
  bool degraded = true;
  acts->answer = [&, stores = acts->answer](const recommendation_request_ptr& request) {
    recommendation made = **stores(request);
    if (degraded)
      made.degraded = {"ranknet: unavailable"};
    return std::make_shared<const result<recommendation>>(made);
  };
  write("u", R"(["1"])");
  start();
  sweep();
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u);
  pass(2s);
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  degraded = false;
  pass(4s);
  BOOST_CHECK_EQUAL(acts->seen.size(), 3u);
  sweep();
  pass(1min);
  BOOST_CHECK_EQUAL(acts->seen.size(), 3u);
}

BOOST_AUTO_TEST_CASE(an_invalid_profile_is_refused_once) {
  write("bad", "{}");
  start();
  sweep();
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_failed_total"), 1);
}

BOOST_AUTO_TEST_CASE(a_profile_that_changes_while_it_is_computed_is_read_again) {
  acts->how = recommender_script::manner::hold;
  start();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 1u);
  BOOST_CHECK(matches(acts->seen[0]->source->fingerprint, R"(["1"])"));
  stale = true;
  execute(erase_profile{{"u", {}}});
  acts->release();
  stale = false;
  world.run();
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u); // it is gone
  BOOST_CHECK_EQUAL(metric("winnow_poller_profiles_changed_total"), 0);
}

BOOST_AUTO_TEST_CASE(older_profiles_are_removed_with_their_results) {
  for (const char* timestamp : {"1500000001", "1500000002", "1500000003"}) {
    write("o", R"(["1"])", timestamp);
    execute(write_list{"o", timestamp, "[]"});
  }
  write("alone", R"(["1"])", "1500000001");
  const auto is_there = [&](const std::string& user, const char* timestamp) {
    const store_command read = read_profile{{user, timestamp}};
    return memory_store(core).execute({&read, 1})[0]->value.has_value();
  };
  start();
  BOOST_CHECK(is_there("o", "1500000001"));
  const auto keys = memory_store(core).key_count().value();
  settings.older_profiles = std::chrono::hours(24);
  start();
  sweep();
  BOOST_CHECK(!is_there("o", "1500000001"));
  BOOST_CHECK(!is_there("o", "1500000002"));
  BOOST_CHECK(is_there("o", "1500000003"));
  BOOST_CHECK(is_there("alone", "1500000001"));
  BOOST_CHECK_EQUAL(memory_store(core).key_count().value(), keys - 4);
}

BOOST_AUTO_TEST_CASE(one_sweep_removes_more_older_profiles_than_a_page_has) {
  constexpr std::size_t older = outdated_profiles::page_size * 2 + 1;
  settings.older_profiles = std::chrono::hours(24);
  for (std::size_t i = 0; i <= older; ++i)
    write("o", R"(["1"])", std::to_string(1500000000 + i));
  start();
  sweep();
  BOOST_CHECK_EQUAL(memory_store(core).scan(key_family::profiles, 0, 2 * older)->keys.size(), 2u); // and `u`
}

BOOST_AUTO_TEST_SUITE_END()
