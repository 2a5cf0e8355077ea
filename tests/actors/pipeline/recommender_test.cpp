#include "actors/pipeline/recommender.hpp"
#include "actors/stages/candidate_generator.hpp"
#include "actors/stages/din_ranker.hpp"
#include "actors/stages/ranknet_ranker.hpp"
#include "actors/stages/stage_dispatcher.hpp"
#include "actors/store/redis_gateway.hpp"
#include "models/attributes/catalogue_attributes.hpp"
#include "models/rules/rules_file.hpp"
#include "models/trials/model_trials.hpp"
#include "redis/memory_store.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/doubles.hpp"
#include "tests/models/fixtures.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using manner = stage_script::manner;
using answer_ptr = asked_ptr<recommendation_reply>;

const char* const known_user = "A8SZ6INK77SAY";

/// Readers that begin to work when the test says so.
struct slow_readers {
  struct held_profile {
    long_profile_ptr asked;
    caf::typed_response_promise<looked_up_ptr> answer;
    caf::local_actor* holder;
  };

  reader_factory factory() {
    return [this](caf::scheduled_actor* parent) {
      spawned.push_back(parent->spawn(slow_reader, this));
      return spawned.back();
    };
  }

  static profile_reader_actor::behavior_type slow_reader(profile_reader_actor::pointer self,
                                                         slow_readers* of) {
    return {[self, of](resolve_atom, const long_profile_ptr& asked) {
      of->held.push_back({asked, self->make_response_promise<looked_up_ptr>(), self});
      return of->held.back().answer;
    }};
  }

  void work_on_first() {
    const auto first = held.front();
    held.pop_front();
    first.holder->context(nullptr); // the promise must not assume that the holder is running
    auto answer = first.answer;
    answer.deliver(looked_up_ptr(std::make_shared<const result<looked_up_profile>>(look_up(*first.asked))));
  }

  std::vector<profile_reader_actor> spawned; ///< For long profiles, and for huge ones.
  std::deque<held_profile> held;
};

/// The pipeline with the memory store and real stages; a script can replace each stage.
struct recommender_fixture {
  recommender_fixture() {
    gateway = world.spawn(redis_gateway, gateway_parts{std::make_shared<memory_store>(core), health, meters,
                                                       std::make_shared<actor_record>()});
    background = gateway;
    candidates = real_stage("candidate_generator", candidate_generator);
    din = real_stage("din_ranker", din_ranker);
    ranknet = real_stage("ranknet_ranker", ranknet_ranker);
    pipeline.deadline = 1h; // the real clock must not end a test's request
  }

  template<class Function>
  stage_actor real_stage(const std::string& name, Function function) {
    stage_settings how;
    how.name = name;
    return world.spawn(
        stage_dispatcher, stage_parts{how, meters},
        [this, function](caf::scheduled_actor* parent, const actor_record_ptr& record) {
          return stage_worker_actor(parent->spawn(function, stage_worker_parts{meters, record}));
        });
  }

  std::shared_ptr<stage_script> replace(stage_actor& slot, manner how) {
    auto acts = make_stage_script();
    acts->how = how;
    slot = world.spawn(scripted_stage, acts);
    return acts;
  }

  void start() {
    health->profiles_listed = true;
    recommender_parts parts{{}, pipeline, directory, health, meters};
    if (new_reader)
      parts.new_reader = new_reader;
    tested = world.spawn(recommender, std::move(parts));
    neighbours others;
    others.models = models;
    others.gateway = gateway;
    others.background_gateway = background;
    others.candidate_generator = candidates;
    others.din_ranker = din;
    others.ranknet_ranker = ranknet;
    others.trials = trials;
    others.rules = rules;
    world.tell(tested, wire_atom_v, std::make_shared<const neighbours>(others));
  }

  answer_ptr ask(const std::string& user, std::chrono::milliseconds left = 1h,
                 urgency priority = urgency::interactive, std::shared_ptr<const list_query> query = nullptr) {
    recommendation_request request;
    request.query = std::move(query);
    request.user_id = user;
    request.deadline = steady_clock::now() + left;
    request.priority = priority;
    return world.ask<recommendation_reply>(tested, caf::infinite, recommend_atom_v,
                                           std::make_shared<const recommendation_request>(request));
  }

  /// Asks for the list of the profile of one time.
  answer_ptr ask_of_time(const std::string& user, const std::string& timestamp, bool newest = true) {
    recommendation_request request;
    request.user_id = user;
    request.timestamp = timestamp;
    request.newest = newest;
    request.deadline = steady_clock::now() + 1h;
    return world.ask<recommendation_reply>(tested, caf::infinite, recommend_atom_v,
                                           std::make_shared<const recommendation_request>(request));
  }

  /// Asks for items that cost at least a number, which all items do, with a million comparisons.
  answer_ptr ask_much(int least, std::chrono::milliseconds left = 1h) {
    auto conditions = nlohmann::json::array();
    for (int i = 0; i < 10; ++i)
      conditions.push_back({{"not", {{"price", {{"lt", least}}}}}});
    list_query query;
    query.filter = parse_named_filter({{"and", conditions}}).value();
    return ask("small", left, urgency::interactive, std::make_shared<const list_query>(std::move(query)));
  }

  void write(const std::string& user, const std::string& json, const std::string& timestamp = {}) {
    store_command command = write_profile{{user, timestamp}, json};
    memory_store(core).execute({&command, 1});
  }

  std::optional<std::string> stored_list(const std::string& user, const std::string& timestamp = {}) {
    store_command command = read_list{user, timestamp};
    return memory_store(core).execute({&command, 1})[0]->value;
  }

  ~recommender_fixture() { BOOST_CHECK_EQUAL(health->in_flight.load(), 0u); }

  std::shared_ptr<memory_core> core = make_memory_core();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<metrics> meters = std::make_shared<metrics>();
  std::shared_ptr<profile_directory> directory = std::make_shared<profile_directory>();
  pipeline_settings pipeline;
  actor_world world;
  redis_gateway_actor gateway, background;
  stage_actor candidates, din, ranknet;
  reader_factory new_reader; ///< Empty: the usual one.
  recommender_actor tested;
  model_trials_ptr trials;
  shop_rules_ptr rules;
  model_set_ptr models = bookshop();
};

recommendation value_of(const answer_ptr& answer) {
  BOOST_REQUIRE(answer->reply);
  const result<recommendation>& outcome = **answer->reply;
  BOOST_REQUIRE_MESSAGE(outcome, (outcome ? std::string() : outcome.error().message));
  return *outcome;
}

error error_of(const answer_ptr& answer) {
  BOOST_REQUIRE(answer->reply);
  BOOST_REQUIRE(!**answer->reply);
  return (*answer->reply)->error();
}

void check_fault(const answer_ptr& answer, fault cause) {
  BOOST_CHECK_EQUAL(to_string(error_of(answer).cause), to_string(cause));
}

/// Asks for some items of a list.
std::shared_ptr<const list_query> page(std::size_t limit, std::size_t offset = 0) {
  list_query query;
  query.limit = limit;
  query.offset = offset;
  return std::make_shared<const list_query>(std::move(query));
}

using strings = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(recommender_suite, recommender_fixture)

BOOST_AUTO_TEST_CASE(a_user_gets_the_version_of_the_experiment) {
  auto made = std::make_shared<model_trials>();
  made->running = begin_experiment({"layout", {}, {{"a", {}, 50}, {"b", {}, 50}}}, nullptr, 1);
  made->arms = {nullptr, bookshop_of_version("of b")};
  trials = made;
  start();
  std::vector<answer_ptr> answers;
  std::vector<std::string> users;
  for (int i = 0; i < 20; ++i) { // in one burst: they share batches
    users.push_back("user " + std::to_string(i));
    write(users.back(), history_json(7));
  }
  for (const auto& user : users)
    answers.push_back(ask(user));
  std::size_t of_b = 0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    const auto list = value_of(answers[i]);
    BOOST_CHECK_EQUAL(list.models->version, models_of_user(bookshop(), trials, users[i])->version);
    BOOST_CHECK_EQUAL(list.items.size(), 20u);
    of_b += list.models->version == "of b" ? 1 : 0;
  }
  BOOST_CHECK(of_b > 0 && of_b < users.size());
}

BOOST_AUTO_TEST_CASE(a_session_without_a_user_gets_the_version_in_force) {
  auto made = std::make_shared<model_trials>();
  made->running = begin_experiment({"layout", {}, {{"a", {}, 1}, {"b", {}, 99}}}, nullptr, 1);
  made->arms = {bookshop_of_version("of a"), bookshop_of_version("of b")}; // whichever it would get
  trials = made;
  start();
  list_query session;
  session.history = history(7);
  const auto answer = ask("", 1h, urgency::interactive, std::make_shared<const list_query>(session));
  BOOST_CHECK_EQUAL(value_of(answer).models->version, bookshop()->version);
  BOOST_CHECK(models_of_user(bookshop(), trials, "") == bookshop());
}

BOOST_AUTO_TEST_CASE(a_placement_may_have_its_own_share_of_the_experiment) {
  auto made = std::make_shared<model_trials>();
  made->running = begin_experiment({"layout", {}, {{"a", {}, 1}, {"b", {}, 99}}}, nullptr, 1);
  made->arms = {nullptr, bookshop_of_version("of b")};
  trials = made;
  rules = std::make_shared<const shop_rules>(
      parse_rules(R"({"placements": {"checkout": {"experiment_share": 0}, "mail": {"experiment_share": 0.5},
                                     "home": {"experiment_share": 1}, "cart": {}}})")
          .value());
  start();
  const auto users_of_b = [&](const std::string& placement) {
    std::vector<answer_ptr> answers;
    for (int i = 0; i < 20; ++i) {
      const auto user = "user " + std::to_string(i);
      write(user, history_json(7));
      list_query query;
      query.placement = placement;
      answers.push_back(
          ask(user, 1h, urgency::interactive, std::make_shared<const list_query>(std::move(query))));
    }
    return std::count_if(answers.begin(), answers.end(),
                         [](const answer_ptr& answer) { return value_of(answer).models->version == "of b"; });
  };
  BOOST_CHECK_EQUAL(users_of_b("checkout"), 0);
  const auto by_mail = users_of_b("mail");
  BOOST_CHECK(by_mail > 0 && by_mail < 20);
  BOOST_CHECK_EQUAL(users_of_b("mail"), by_mail);
  BOOST_CHECK_EQUAL(users_of_b("home"), 20);
  BOOST_CHECK_EQUAL(users_of_b("cart"), 20);
  BOOST_CHECK_EQUAL(users_of_b(""), 20);
}

namespace {

/// A shadow that ranks this share of the lists.
std::shared_ptr<model_trials> shadow_of(double share) {
  auto made = std::make_shared<model_trials>();
  made->shadow = bookshop_of_version("shadow");
  made->shadow_share = share;
  made->shadow_did = std::make_shared<shadow_record>();
  return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_shadow_ranks_its_share_of_the_lists_and_stores_nothing) {
  const auto shadowed = shadow_of(0.5);
  trials = shadowed;
  start();
  write("u", history_json(7));
  for (int i = 0; i < 8; ++i)
    BOOST_CHECK_EQUAL(value_of(ask("u")).models->version, bookshop()->version);
  const auto did = shadowed->shadow_did->so_far();
  BOOST_CHECK_EQUAL(did.compared, 4u);
  BOOST_CHECK_EQUAL(did.overlap, 1); // the same models under another name
  BOOST_CHECK_EQUAL(did.score, 0);
  BOOST_CHECK_EQUAL(metrics::total(meters->collect(), "winnow_recommender_requests_total"), 8);
  BOOST_CHECK_EQUAL(metrics::total(meters->collect(), "winnow_shadow_lists_total"), 4);
}

BOOST_AUTO_TEST_CASE(a_shadow_ranks_by_the_rules_of_the_shop) {
  const auto shadowed = shadow_of(1);
  trials = shadowed;
  start();
  write("u", history_json(7));
  const auto plain = value_of(ask("u"));
  const std::string best(plain.models->items[plain.items.front()]);
  rules = std::make_shared<const shop_rules>(parse_rules(R"({"exclude": [")" + best + R"("]})").value());
  start();
  BOOST_CHECK(value_of(ask("u")).items.front() != plain.items.front());
  BOOST_CHECK_EQUAL(shadowed->shadow_did->so_far().compared, 2u);
  BOOST_CHECK_EQUAL(shadowed->shadow_did->so_far().overlap, 1); // without the item in both lists
}

BOOST_AUTO_TEST_CASE(a_list_that_a_client_wants_otherwise_is_not_compared) {
  const auto shadowed = shadow_of(1);
  trials = shadowed;
  start();
  write("u", history_json(7));
  list_query query;
  query.limit = 3;
  value_of(ask("u", 1h, urgency::interactive, std::make_shared<const list_query>(query)));
  BOOST_CHECK_EQUAL(shadowed->shadow_did->so_far().compared, 0u);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_shadow_and_it_yields) {
  const auto shadowed = shadow_of(1);
  trials = shadowed;
  const auto acts = replace(ranknet, manner::answer);
  start();
  write("u", history_json(7));
  acts->how = manner::hold;
  std::vector<answer_ptr> answers;
  for (int i = 0; i < 6; ++i)
    answers.push_back(ask("u"));
  for (int i = 0; i < 6; ++i) { // the requests' own tasks; those of shadows are held
    acts->release_first();
    world.run();
  }
  for (const auto& answer : answers)
    value_of(answer);
  // With five requests in the pipeline the first one was dropped, and with four shadows at work the last.
  BOOST_CHECK_EQUAL(shadowed->shadow_did->so_far().dropped, 2u);
  BOOST_CHECK_EQUAL(acts->held.size(), 4u);
  for (const auto& held : acts->held)
    BOOST_CHECK(held.question->priority == urgency::background);
  acts->release();
  world.run();
  BOOST_CHECK_EQUAL(shadowed->shadow_did->so_far().compared, 4u);
}

BOOST_AUTO_TEST_CASE(a_shadow_that_fails_is_counted) {
  const auto shadowed = shadow_of(1);
  trials = shadowed;
  const auto acts = replace(din, manner::answer);
  start();
  write("u", history_json(7));
  const auto usual = acts->answer;
  acts->answer = [&, usual](const stage_task_ptr& task) {
    if (task->models->version == "shadow")
      return std::make_shared<const result<ranked_list>>(fail(fault::internal, "a score is not a number"));
    return std::shared_ptr<const result<ranked_list>>(usual(task));
  };
  value_of(ask("u"));
  BOOST_CHECK_EQUAL(shadowed->shadow_did->so_far().failed, 1u);
}

BOOST_AUTO_TEST_CASE(a_long_profile_gets_the_list_that_it_would_get_from_the_recommender) {
  start();
  profile items;
  while (items.size() < 2000)
    for (const auto& one : history(7))
      items.push_back(one);
  const auto text = to_json(std::vector<std::string_view>(items.begin(), items.end()));
  BOOST_REQUIRE_GT(text.size(), reading_lanes::long_bytes);
  BOOST_REQUIRE_GT(reading_lanes::bytes_of(items.size()), reading_lanes::long_bytes);
  const auto expected = run_cascade("u", items);
  recommendation_request request;
  request.user_id = "u";
  request.deadline = steady_clock::now() + 1h;
  request.explain = true;
  list_query given;
  given.history = items;
  write("u", text);
  for (const auto& query : {std::shared_ptr<const list_query>(), std::make_shared<const list_query>(given)}) {
    request.query = query;
    const auto list = value_of(world.ask<recommendation_reply>(
        tested, caf::infinite, recommend_atom_v, std::make_shared<const recommendation_request>(request)));
    BOOST_TEST(list.items == items_of(expected.ranknet, 20), boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(list.because.size(), 20u);
    for (const auto& reason : list.because)
      BOOST_CHECK(std::count(items.begin(), items.end(), reason.history_item) > 0);
    if (!query)
      BOOST_CHECK_EQUAL(stored_list("u").value_or("none"), list.json);
  }
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_long_profile_that_is_being_read) {
  slow_readers readers;
  new_reader = readers.factory();
  start();
  write("long", history_json(2000));
  write("huge", history_json(20'000));
  write("small", history_json(7));
  const auto long_one = ask("long"), next = ask("long", 1min), huge = ask("huge");
  BOOST_CHECK_EQUAL(readers.held.size(), 2u); // one at a time, and the huge one beside it
  value_of(ask("small"));
  BOOST_CHECK(long_one->pending());
  world.advance(1min);
  check_fault(next, fault::timeout);
  readers.work_on_first();
  world.run();
  value_of(long_one);
  BOOST_CHECK_EQUAL(readers.held.size(), 1u); // nobody waits for the second one any more
  BOOST_CHECK(huge->pending());
  readers.work_on_first();
  world.run();
  value_of(huge);
}

BOOST_AUTO_TEST_CASE(the_store_is_not_blamed_for_a_large_profile_that_is_looked_up_too_late) {
  slow_readers readers;
  new_reader = readers.factory();
  start();
  write("huge", history_json(20'000));
  const auto late = ask("huge", 1min);
  BOOST_CHECK_EQUAL(readers.held.size(), 1u);
  world.advance(1min);
  check_fault(late, fault::timeout);
  readers.work_on_first();
  world.run();
}

BOOST_AUTO_TEST_CASE(what_can_be_no_id_in_a_profile_is_an_unknown_item) {
  start();
  const auto known = "[\"" + history(1).front() + "\", ";
  write("u", known + "null, NaN]");
  write("v", known + R"("nobody knows", "nor this"])");
  const auto list = value_of(ask("u")), expected = value_of(ask("v"));
  BOOST_TEST(list.items == expected.items, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_profile_that_is_none_is_refused_with_its_key) {
  start();
  write("u", '[' + std::string(10'000, ' ') + "7, {}]");
  const auto why = error_of(ask("u"));
  BOOST_CHECK(why.cause == fault::malformed);
  BOOST_CHECK_EQUAL(why.message, "user_profile:u: item 1: expected a string, got an object");
}

BOOST_AUTO_TEST_CASE(ends_with_a_reader_that_crashes) {
  slow_readers readers;
  new_reader = readers.factory();
  start();
  write("long", history_json(2000));
  const auto waiting = ask("long");
  world.kill(readers.spawned.front());
  BOOST_CHECK(!waiting->pending());
  const auto later = ask("long");
  BOOST_CHECK(later->failure.has_value()); // until the supervisor has started it again
  readers.spawned.clear();
}

BOOST_AUTO_TEST_CASE(large_profiles_wait_for_each_other_and_nobody_else_for_them) {
  start();
  write("large", history_json(20'000));
  write("small", history_json(7));
  value_of(ask("large"));
  const auto second = ask("large");
  const auto third = ask("large");
  BOOST_CHECK(second->pending()); // the recommender rests from the first one
  value_of(ask("small"));
  world.advance(1min);
  value_of(second);
  BOOST_CHECK(third->pending());
  world.advance(1min);
  value_of(third);
}

BOOST_AUTO_TEST_CASE(costly_filters_wait_for_each_other_and_nobody_else_for_them) {
  models = shop_of_many_items();
  start();
  write("small", history_json(7));
  value_of(ask_much(-1));
  const auto second = ask_much(-2);
  const auto third = ask_much(-3);
  BOOST_CHECK(second->pending()); // the recommender rests from the first one
  value_of(ask_much(-1));         // the items that it allows are known
  value_of(ask("small"));
  world.advance(1min);
  value_of(second);
  BOOST_CHECK(third->pending());
  world.advance(1min);
  value_of(third);
}

BOOST_AUTO_TEST_CASE(a_large_profile_that_does_not_arrive_holds_up_large_ones_alone) {
  const auto acts = make_gateway_script(core);
  acts->how = gateway_script::manner::hold;
  background = world.spawn(scripted_gateway, acts);
  start();
  write("large", history_json(20'000));
  write("small", history_json(7));
  const auto first = ask("large", 1min), impatient = ask("large", 1min);
  const auto second = ask("large", 1h);
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u); // one at a time
  value_of(ask("small"));
  world.advance(1min);
  check_fault(first, fault::unavailable);
  check_fault(impatient, fault::unavailable);
  BOOST_CHECK_EQUAL(acts->seen.size(), 1u); // its value is still on its way
  BOOST_CHECK(second->pending());
  acts->release_first();
  world.run();
  BOOST_CHECK_EQUAL(acts->seen.size(), 2u);
  acts->release_first();
  world.advance(1min);
  value_of(second);
}

BOOST_AUTO_TEST_CASE(large_profiles_that_are_gone_or_broken_end_their_turn) {
  const auto acts = make_gateway_script(core);
  acts->how = gateway_script::manner::hold;
  background = world.spawn(scripted_gateway, acts);
  start();
  write("large", history_json(20'000));
  const auto gone = ask("large"), broken = ask("large"), third = ask("large");
  store_command erase = erase_profile{{"large", ""}};
  memory_store(core).execute({&erase, 1});
  acts->release_first();
  world.run();
  check_fault(gone, fault::not_found);
  write("large", "no JSON");
  acts->release_first();
  world.run();
  check_fault(broken, fault::malformed);
  world.advance(1h);
  check_fault(third, fault::unavailable);
  acts->release_first();
  world.run();
}

BOOST_AUTO_TEST_CASE(refuses_a_large_profile_that_would_wait_too_long) {
  start();
  write("large", history_json(20'000));
  value_of(ask("large"));
  const auto refused = ask("large", 1ms);
  BOOST_CHECK(!refused->pending()); // it does not wait to fail later
  error_of(refused);
}

BOOST_AUTO_TEST_CASE(answers_and_stores_the_list_of_the_three_stages) {
  start();
  for (const std::string user : {known_user, "a new user"}) {
    write(user, history_json(7));
    const auto expected = run_cascade(user, history(7));
    const auto list = value_of(ask(user));
    BOOST_TEST(list.items == items_of(expected.ranknet, 20), boost::test_tools::per_element());
    BOOST_TEST(items_of(*list.candidates, 100) == items_of(expected.candidates, 100),
               boost::test_tools::per_element());
    BOOST_TEST(items_of(*list.din, 50) == items_of(expected.din, 50), boost::test_tools::per_element());
    BOOST_CHECK(list.degraded.empty());
    BOOST_CHECK_EQUAL(to_string(list.candidates->source),
                      user == known_user ? "personalised" : "history_mean");
    BOOST_CHECK_EQUAL(list.models, bookshop());
    BOOST_CHECK_EQUAL(stored_list(user).value_or("none"), list.json);
    const auto ids = parse_profile(list.json);
    BOOST_REQUIRE(ids);
    for (std::size_t i = 0; i < ids->items.size(); ++i)
      BOOST_CHECK_EQUAL(ids->items[i], bookshop()->items[list.items[i]]);
  }
}

BOOST_AUTO_TEST_CASE(of_a_history_that_is_too_long_the_newest_items_count) {
  std::string longer = "[";
  for (int i = 0; i < 100'000; ++i)
    longer += "\"gone\",";
  write("long", longer + history_json(5).substr(1));
  write("short", history_json(5));
  start();
  BOOST_CHECK_EQUAL(value_of(ask("long")).truncated, 5u);
  BOOST_CHECK_EQUAL(value_of(ask("short")).truncated, 0u);
}

BOOST_AUTO_TEST_CASE(gives_popular_items_to_a_new_user_with_an_empty_profile) {
  start();
  write("newcomer", "[]");
  const auto list = value_of(ask("newcomer"));
  BOOST_CHECK_EQUAL(to_string(list.candidates->source), "popular");
  BOOST_CHECK_EQUAL(list.items.size(), 20u);
}

BOOST_AUTO_TEST_CASE(reads_the_newest_profile_and_also_stores_the_list_under_its_timestamp) {
  start();
  write("u", history_json(3), "1700000000");
  directory->record({"u", "1700000000"});
  const auto before = *memory_store(core).key_count();
  BOOST_CHECK(value_of(ask("u")).degraded.empty());
  BOOST_CHECK_EQUAL(*memory_store(core).key_count(),
                    before + 2); // the list without and the list with a timestamp
}

BOOST_AUTO_TEST_CASE(a_request_may_name_the_profile_of_a_time) {
  start();
  write(known_user, history_json(3), "1700000000");
  write(known_user, history_json(7), "1700000001");
  directory->record({known_user, "1700000001"});
  const auto older = value_of(ask_of_time(known_user, "1700000000", false));
  BOOST_TEST(older.items == items_of(run_cascade(known_user, history(3)).ranknet, 20),
             boost::test_tools::per_element());
  BOOST_CHECK_EQUAL(stored_list(known_user, "1700000000").value_or("none"), older.json);
  BOOST_CHECK(!stored_list(known_user)); // which is of the newest profile
  const auto newest = value_of(ask_of_time(known_user, "1700000001"));
  BOOST_CHECK_EQUAL(stored_list(known_user).value_or("none"), newest.json);
  check_fault(ask_of_time(known_user, "1700000002"), fault::not_found);
}

BOOST_AUTO_TEST_CASE(the_profile_without_a_time_counts_when_the_newest_is_gone) {
  start();
  write("u", history_json(3));
  directory->record({"u", "1700000000"});
  const auto list = value_of(ask("u"));
  BOOST_CHECK(list.stored);
  BOOST_CHECK_EQUAL(stored_list("u").value_or("none"), list.json);
  BOOST_CHECK(!stored_list("u", "1700000000"));
}

BOOST_AUTO_TEST_CASE(a_user_whose_newest_profile_is_gone_may_have_an_older_one) {
  start();
  directory->record({"u", "1700000000"});
  check_fault(ask("u"), fault::unavailable);
  directory->erased("u");
  check_fault(ask("u"), fault::not_found);
  write("u", history_json(3), "1700000000");
  value_of(ask("u"));
}

BOOST_AUTO_TEST_CASE(a_newer_profile_counts_that_was_written_while_the_newest_was_read) {
  const auto acts = make_gateway_script(core);
  acts->how = gateway_script::manner::hold;
  gateway = world.spawn(scripted_gateway, acts);
  start();
  directory->record({"u", "1700000000"});
  const auto answer = ask("u");
  write("u", history_json(3));
  write("u", history_json(7), "1700000001");
  directory->written({"u", "1700000001"});
  acts->release();
  world.run();
  value_of(answer);
  BOOST_CHECK(stored_list("u", "1700000001"));
}

BOOST_AUTO_TEST_CASE(falls_back_to_dins_order_when_ranknet_is_late) {
  replace(ranknet, manner::hold);
  start();
  write(known_user, history_json(7));
  const auto answer = ask(known_user);
  BOOST_CHECK(answer->pending());
  world.advance(30min);
  const auto list = value_of(answer);
  BOOST_TEST(list.items == items_of(run_cascade(known_user, history(7)).din, 20),
             boost::test_tools::per_element());
  BOOST_TEST(list.degraded == strings{"ranknet: timeout"}, boost::test_tools::per_element());
  BOOST_CHECK(!list.ranknet);
  BOOST_CHECK_EQUAL(stored_list(known_user).value_or("none"), list.json);
}

BOOST_AUTO_TEST_CASE(falls_back_to_dins_order_when_ranknet_crashes) {
  replace(ranknet, manner::crash);
  start();
  write(known_user, history_json(7));
  const auto list = value_of(ask(known_user));
  BOOST_TEST(list.items == items_of(run_cascade(known_user, history(7)).din, 20),
             boost::test_tools::per_element());
  BOOST_TEST(list.degraded == strings{"ranknet: unavailable"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reports_the_error_of_a_stage) {
  const auto acts = replace(ranknet, manner::answer);
  acts->answer = [](const stage_task_ptr&) {
    return std::make_shared<const result<ranked_list>>(fail(fault::internal, "not a number"));
  };
  start();
  write(known_user, history_json(7));
  BOOST_TEST(value_of(ask(known_user)).degraded == strings{"ranknet: internal"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(explains_the_list_even_if_din_fails) {
  replace(din, manner::crash);
  start();
  write(known_user, history_json(7));
  recommendation_request request;
  request.user_id = known_user;
  request.deadline = steady_clock::now() + 1h;
  request.explain = true;
  const auto list = value_of(world.ask<recommendation_reply>(
      tested, caf::infinite, recommend_atom_v, std::make_shared<const recommendation_request>(request)));
  BOOST_TEST(list.degraded == strings{"din: unavailable"}, boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(list.because.size(), list.items.size());
  const auto items = history(7);
  for (const auto& reason : list.because) {
    BOOST_CHECK(std::find(items.begin(), items.end(), reason.history_item) != items.end());
    BOOST_CHECK(reason.weight >= 1.0f / 7 && reason.weight <= 1);
  }
  BOOST_CHECK(value_of(ask(known_user)).because.empty());
}

BOOST_AUTO_TEST_CASE(ranks_the_candidates_with_ranknet_if_din_fails) {
  replace(din, manner::crash);
  const auto ranking = replace(ranknet, manner::answer);
  start();
  write(known_user, history_json(7));
  const auto list = value_of(ask(known_user));
  const auto expected = run_cascade(known_user, history(7)).candidates;
  BOOST_REQUIRE_EQUAL(ranking->seen.size(), 1u);
  BOOST_TEST(items_of(*ranking->seen[0]->candidates, 100) == items_of(expected, 50),
             boost::test_tools::per_element());
  BOOST_TEST(list.items == items_of(*list.ranknet, 20), boost::test_tools::per_element());
  BOOST_TEST(list.degraded == strings{"din: unavailable"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(din_may_take_half_of_the_time_that_is_left) {
  const auto acts = replace(din, manner::hold);
  acts->answer = [](const stage_task_ptr&) {
    return std::make_shared<const result<ranked_list>>(ranked_list{});
  };
  start();
  write("u", history_json(3));
  const auto answer = ask("u", 1h);
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 1u);
  BOOST_CHECK(acts->seen[0]->deadline <= steady_clock::now() + 30min);
  acts->release();
  world.run();
}

BOOST_AUTO_TEST_CASE(of_a_user_without_a_profile_nothing_is_known_before_all_are_listed) {
  start();
  health->profiles_listed = false;
  check_fault(ask("nobody"), fault::unavailable);
  health->profiles_listed = true;
  check_fault(ask("nobody"), fault::not_found);
}

BOOST_AUTO_TEST_CASE(keeps_lightgcns_order_if_both_rankers_are_down) {
  world.kill(din);
  world.kill(ranknet);
  start();
  write(known_user, history_json(7));
  const auto list = value_of(ask(known_user));
  BOOST_TEST(list.items == items_of(run_cascade(known_user, history(7)).candidates, 20),
             boost::test_tools::per_element());
  BOOST_TEST(list.degraded == (strings{"din: unavailable", "ranknet: unavailable"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(neither_returns_nor_stores_a_list_without_candidates) {
  for (const auto how : {manner::crash, manner::hold}) {
    replace(candidates, how);
    start();
    write(known_user, history_json(7));
    const auto answer = ask(known_user);
    world.advance(1h);
    check_fault(answer, how == manner::crash ? fault::unavailable : fault::timeout);
    BOOST_CHECK(error_of(answer).message.rfind("candidate generation: ", 0) == 0);
    BOOST_CHECK(!stored_list(known_user));
  }
}

BOOST_AUTO_TEST_CASE(reports_not_found_for_a_user_without_a_profile) {
  start();
  const auto answer = ask("nobody");
  check_fault(answer, fault::not_found);
  BOOST_CHECK(error_of(answer).message.find("nobody") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_the_key_of_a_malformed_profile) {
  start();
  write("broken", R"(["a", {"b": 1}])");
  const auto answer = ask("broken");
  check_fault(answer, fault::malformed);
  BOOST_CHECK_EQUAL(error_of(answer).message.rfind("user_profile:broken: ", 0), 0u);
  BOOST_CHECK(!stored_list("broken"));
}

BOOST_AUTO_TEST_CASE(refuses_requests_beyond_the_limit_in_flight) {
  pipeline.max_in_flight = 2;
  const auto acts = replace(candidates, manner::hold);
  acts->answer = [](const stage_task_ptr&) {
    return std::make_shared<const result<ranked_list>>(ranked_list{});
  };
  start();
  write("u", history_json(3));
  const auto first = ask("u"), second = ask("u", 1h, urgency::background);
  BOOST_CHECK_EQUAL(health->in_flight.load(), 2u);
  check_fault(ask("u"), fault::overloaded);
  acts->release();
  world.run();
  BOOST_CHECK(value_of(first).items.empty());
  BOOST_CHECK_EQUAL(health->in_flight.load(), 0u);
  BOOST_CHECK(value_of(ask("u")).items.empty());
}

BOOST_AUTO_TEST_CASE(pages_are_parts_of_one_list) {
  start();
  write(known_user, history_json(7));
  const auto items_of = [&](std::shared_ptr<const list_query> query) {
    return value_of(ask(known_user, 1h, urgency::interactive, std::move(query))).items;
  };
  const auto plain = items_of(nullptr), whole = items_of(page(120)); // more than the usual 100 candidates
  BOOST_REQUIRE_EQUAL(whole.size(), 120u);
  std::vector<std::uint32_t> pages;
  for (std::size_t offset = 0; offset < 120; offset += 24) {
    const auto items = items_of(page(24, offset));
    pages.insert(pages.end(), items.begin(), items.end());
  }
  BOOST_TEST(pages == whole, boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(plain.size(), 20u);
  BOOST_CHECK(std::equal(plain.begin(), plain.end(), whole.begin()));
}

BOOST_AUTO_TEST_CASE(a_list_that_gets_no_further_candidates_ends_and_says_so) {
  const auto acts = replace(candidates, manner::answer);
  acts->answer = [&](const stage_task_ptr& task) -> stage_reply {
    if (task->candidates)
      return std::make_shared<const result<ranked_list>>(fail(fault::timeout, "late"));
    cascade_scratch work;
    return std::make_shared<const result<ranked_list>>(generate_candidates(
        *task->models, std::vector<const user_context*>{task->user.get()}, task->keep, work)[0]);
  };
  start();
  write(known_user, history_json(7));
  const auto list = value_of(ask(known_user, 1h, urgency::interactive, page(120)));
  BOOST_CHECK_EQUAL(list.items.size(), 100u);
  BOOST_REQUIRE_EQUAL(list.degraded.size(), 1u);
  BOOST_CHECK_EQUAL(list.degraded[0], "candidate_generator: timeout");
  BOOST_CHECK(list.shortage.find("only the best 100 candidates were looked at") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(computes_nothing_after_the_deadline) {
  const auto acts = replace(candidates, manner::hold);
  start();
  write("u", history_json(3));
  check_fault(ask("u", -1ms), fault::timeout);
  BOOST_CHECK(acts->seen.empty());
}

BOOST_AUTO_TEST_CASE(passes_the_deadline_and_the_urgency_to_the_stages) {
  const auto acts = replace(candidates, manner::crash);
  start();
  write("u", history_json(3));
  const auto before = steady_clock::now();
  check_fault(ask("u", 30min, urgency::background), fault::unavailable);
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 1u);
  BOOST_CHECK(acts->seen[0]->priority == urgency::background);
  BOOST_CHECK(acts->seen[0]->deadline > before);
  BOOST_CHECK(acts->seen[0]->deadline <= steady_clock::now() + 30min + 1ms); // rounded up
}

BOOST_AUTO_TEST_CASE(reports_a_store_that_is_down) {
  world.kill(gateway);
  start();
  check_fault(ask("u"), fault::unavailable);
}

BOOST_AUTO_TEST_CASE(answers_pending_requests_when_it_is_killed) {
  replace(candidates, manner::hold);
  start();
  write("u", history_json(3));
  const auto answer = ask("u");
  world.kill(tested);
  check_fault(answer, fault::unavailable);
  BOOST_CHECK_EQUAL(health->in_flight.load(), 0u);
}

BOOST_AUTO_TEST_CASE(refuses_requests_until_it_knows_its_neighbours) {
  tested = world.spawn(recommender, recommender_parts{{}, pipeline, directory, health, meters});
  check_fault(ask("u"), fault::unavailable);
}

BOOST_AUTO_TEST_SUITE_END()
