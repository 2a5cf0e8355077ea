#include "actors/admin/cascade_trace.hpp"

#include "actors/store/redis_gateway.hpp"
#include "models/list_wishes.hpp"
#include "models/rules/rules_file.hpp"
#include "redis/memory_store.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/doubles.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string user = "A8SZ6INK77SAY";

/// Runs a trace for each call, like the admin server.
admin_server_self::behavior_type tracing_actor(admin_server_self::pointer self, trace_parts parts,
                                               neighbours_ptr neighbours) {
  return {[self, parts, neighbours](serve_atom, const admin_call_ptr& call) {
            std::make_shared<cascade_trace>(self, parts, neighbours, call)->run();
          },
          [](wire_atom, const neighbours_ptr&) {},
          [](listen_atom) { return std::make_shared<const result<std::uint16_t>>(std::uint16_t{0}); },
          [](tick_atom) {}, [](status_atom) { return actor_status_ptr(); }};
}

/// Traces through scripted stages and the memory store, with widths of 6, 4 and 2.
struct trace_fixture {
  trace_fixture() {
    generator->answer = [](const stage_task_ptr& task) { // the first items of the catalogue
      ranked_list list;
      for (std::uint32_t item = 0; item < task->keep; ++item)
        list.items.push_back({item, 1.0f / static_cast<float>(item + 1)});
      return std::make_shared<const result<ranked_list>>(std::move(list));
    };
  }

  http::response trace() {
    neighbours all;
    all.models = bookshop();
    all.gateway = world.spawn(
        redis_gateway, gateway_parts{std::make_shared<memory_store>(core), std::make_shared<health_board>(),
                                     std::make_shared<metrics>(), std::make_shared<actor_record>()});
    all.candidate_generator = world.spawn(scripted_stage, generator);
    all.din_ranker = world.spawn(scripted_stage, din);
    all.ranknet_ranker = world.spawn(scripted_stage, ranknet);
    all.recommender = world.spawn(scripted_recommender, served);
    all.rules = rules;
    cascade_settings widths;
    widths.candidates = 6;
    widths.din_keep = 4;
    widths.ranknet_keep = 2;
    const admin_server_actor tracer = world.spawn(tracing_actor, trace_parts{widths, 100ms, directory},
                                                  std::make_shared<const neighbours>(std::move(all)));
    std::optional<http::response> answered;
    auto call = std::make_shared<admin_call>();
    call->what = admin_call::kind::trace;
    call->asked.path_parameters = {{"user", user}};
    call->answer = [&](http::response answer) { answered = std::move(answer); };
    world.tell(tracer, serve_atom_v, admin_call_ptr(std::move(call)));
    for (int step = 0; step < 5 && !answered; ++step) // a stage that does not answer times out
      world.advance(100ms);
    BOOST_REQUIRE(answered);
    return *answered;
  }

  json successful_trace() {
    const auto answer = trace();
    BOOST_REQUIRE_EQUAL(answer.status, 200U);
    return json::parse(answer.body);
  }

  void write(const std::string& text) {
    store_command command = write_profile{{user, {}}, text};
    memory_store(core).execute({&command, 1});
  }

  static std::string id(std::uint32_t item) { return std::string(bookshop()->items[item]); }

  std::shared_ptr<memory_core> core = make_memory_core();
  std::shared_ptr<profile_directory> directory = std::make_shared<profile_directory>();
  std::shared_ptr<stage_script> generator = make_stage_script();
  std::shared_ptr<stage_script> din = make_stage_script(); // both rankers reverse their candidates
  std::shared_ptr<stage_script> ranknet = make_stage_script();
  std::shared_ptr<recommender_script> served = make_recommender_script();
  shop_rules_ptr rules;
  actor_world world;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cascade_trace_suite, trace_fixture)

BOOST_AUTO_TEST_CASE(shows_every_stage_with_what_it_keeps) {
  write(history_json(3));
  const auto trace = successful_trace();
  BOOST_TEST(trace.at("user_id") == user);
  BOOST_TEST(trace.at("profile_key") == "user_profile:" + user);
  BOOST_TEST(trace.at("history").size() == 3U);
  BOOST_TEST_REQUIRE(trace.at("stages").size() == 3U);
  const auto& by_din = trace.at("stages")[1];
  BOOST_TEST(by_din.at("stage") == "din_ranker");
  BOOST_TEST(by_din.at("items").size() == 6U); // all candidates, including those that it drops
  for (std::size_t place = 0; place < 6; ++place)
    BOOST_TEST(by_din.at("items")[place].at("kept") == (place < 4));
  // DIN reverses 0 to 5 and keeps 5 4 3 2; RankNet reverses those and keeps 2 3.
  BOOST_TEST(trace.at("recommendations") == json({id(2), id(3)}));
  BOOST_TEST(trace.at("because").size() == 2U);
}

BOOST_AUTO_TEST_CASE(stores_nothing) {
  write(history_json(3));
  successful_trace();
  store_command command = read_list{user};
  BOOST_TEST(!memory_store(core).execute({&command, 1})[0]->value);
}

BOOST_AUTO_TEST_CASE(keeps_the_old_order_if_a_ranker_does_not_answer) {
  write(history_json(3));
  din->how = stage_script::manner::hold;
  const auto trace = successful_trace();
  BOOST_TEST(trace.at("stages")[1].at("error") == "no answer in time");
  BOOST_TEST(!trace.at("stages")[1].contains("items"));
  BOOST_TEST(trace.at("recommendations") == json({id(3), id(2)})); // RankNet reverses 0 1 2 3
}

BOOST_AUTO_TEST_CASE(shows_the_list_by_the_rules_of_the_shop) {
  write(history_json(3));
  rules = std::make_shared<const shop_rules>(
      parse_rules(R"({"exclude": ["x"], "pin": {")" + id(9) + R"(": 1}})").value());
  served->answer = [](const recommendation_request_ptr&) {
    recommendation list;
    list.models = bookshop();
    list.items = {9, 2};
    return std::make_shared<const result<recommendation>>(std::move(list));
  };
  const auto trace = successful_trace();
  BOOST_TEST(trace.at("recommendations") == json({id(9), id(2)}));
  BOOST_TEST(trace.at("because").size() == 2U);
  BOOST_TEST(trace.at("rules") == rules->digest);
  BOOST_TEST_REQUIRE(served->seen.size() == 1U);
  BOOST_CHECK(served->seen[0]->tries == recommendation_request::trial::with_rules); // which stores nothing
  BOOST_TEST(din->seen.back()->user->wishes->pins.size() == 1U); // the stages know the rules
}

BOOST_AUTO_TEST_CASE(shows_what_the_stages_keep_if_the_list_by_the_rules_is_missing) {
  write(history_json(3));
  rules = std::make_shared<const shop_rules>(parse_rules(R"({"exclude": ["x"]})").value());
  served->how = recommender_script::manner::hold;
  const auto trace = successful_trace();
  BOOST_TEST(trace.at("rules_left_out") == "no answer in time");
  BOOST_TEST(!trace.at("recommendations").empty());
}

BOOST_AUTO_TEST_CASE(without_rules_for_all_lists_nobody_else_is_asked) {
  write(history_json(3));
  rules =
      std::make_shared<const shop_rules>(parse_rules(R"({"placements": {"cart": {"limit": 3}}})").value());
  const auto trace = successful_trace();
  BOOST_TEST(!trace.contains("rules"));
  BOOST_TEST(served->seen.empty());
}

BOOST_AUTO_TEST_CASE(refuses_if_candidate_generation_fails) {
  write(history_json(3));
  generator->answer = [](const stage_task_ptr&) {
    return std::make_shared<const result<ranked_list>>(fail(fault::overloaded, "too many tasks"));
  };
  const auto answer = trace();
  BOOST_TEST(answer.status == 503U);
  BOOST_TEST(answer.body.find("candidate generation: too many tasks") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_a_user_without_a_profile) {
  const auto answer = trace();
  BOOST_TEST(answer.status == 404U);
  BOOST_TEST(answer.body.find(user) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_a_profile_that_is_not_a_list_of_ids) {
  write("{}");
  BOOST_TEST(trace().status == 422U);
}

BOOST_AUTO_TEST_SUITE_END()
