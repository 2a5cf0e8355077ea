#include "actors/rest/rest_answers.hpp"

#include "models/model_set.hpp"
#include "tests/actors/bookshop.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

/// Three items: found by LightGCN, by the transitions, and by both.
recommendation merged() {
  ranked_list candidates{list_source::personalised, {{5, 0.5f}, {6, 0.25f}, {7, 0.75f}}};
  candidates.evidence.resize(3);
  candidates.evidence[0].recall_rank = 1;
  candidates.evidence[1].recall_rank = no_rank;
  candidates.evidence[1].transition_rank = 0;
  candidates.evidence[1].transition_score = 1;
  candidates.evidence[2].recall_rank = 0;
  candidates.evidence[2].transition_rank = 1;
  candidates.evidence[2].transition_score = 0.5f;
  auto by_din = candidates;
  for (auto& entry : by_din.items)
    entry.score = 100; // by which DIN's list is ordered, not DIN's logit
  for (auto& evidence : by_din.evidence)
    evidence.din_logit = -1;
  recommendation made;
  made.models = bookshop();
  made.candidates = std::make_shared<const ranked_list>(candidates);
  made.din = std::make_shared<const ranked_list>(by_din);
  made.items = {5, 6, 7};
  made.json = "[]";
  return made;
}

json scores_of(const recommendation& list) {
  auto query = std::make_shared<list_query>();
  query->scores = true;
  return json::parse(recommendation_answer({"u", query}, list).body).at("scores");
}

} // namespace

BOOST_AUTO_TEST_SUITE(rest_answers)

BOOST_AUTO_TEST_CASE(scores_name_the_sources_of_each_item) {
  const auto scores = scores_of(merged());
  BOOST_TEST(scores[0].at("sources") == json({"lightgcn"}));
  BOOST_TEST(!scores[0].contains("transitions"));
  BOOST_TEST(scores[1].at("sources") == json({"transitions"}));
  BOOST_TEST(scores[1].at("transitions") == 1.0);
  BOOST_TEST(scores[1].at("lightgcn") == 0.25); // LightGCN scores all candidates
  BOOST_TEST(scores[2].at("sources") == json({"lightgcn", "transitions"}));
}

BOOST_AUTO_TEST_CASE(a_stored_list_with_a_byte_order_mark_is_answered_without_it) {
  store_value stored;
  stored.value = "\xEF\xBB\xBF[\"a\", \"b\"]";
  const auto answer = stored_list_answer("u", stored, nullptr);
  BOOST_CHECK_EQUAL(answer.status, 200U);
  BOOST_CHECK_EQUAL(json::parse(answer.body), (json{{"status", "success"}, {"recommendations", {"a", "b"}}}));
}

BOOST_AUTO_TEST_CASE(a_stored_list_of_numbers_is_answered_as_strings) {
  store_value stored;
  stored.value = R"([1, "a \" 2", 1.50])";
  const auto answer = stored_list_answer("u", stored, nullptr);
  BOOST_CHECK_EQUAL(json::parse(answer.body).at("recommendations"), (json{"1", "a \" 2", "1.50"}));
  stored.value = R"(["a \\", "\"2"])";
  BOOST_TEST(stored_list_answer("u", stored, nullptr).body.find(*stored.value) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_profile_with_a_byte_order_mark_is_answered_without_it) {
  store_value stored;
  stored.value = "\xEF\xBB\xBF[\"a\"]";
  BOOST_TEST(profile_answer("u", stored).body == R"(["a"])");
}

BOOST_AUTO_TEST_CASE(popular_items_were_found_by_no_source) {
  auto list = merged();
  auto popular = *list.candidates;
  popular.source = list_source::popular;
  list.candidates = std::make_shared<const ranked_list>(popular);
  for (const auto& scores : scores_of(list)) {
    BOOST_TEST(!scores.contains("sources"));
    BOOST_TEST(!scores.contains("lightgcn"));
  }
}

BOOST_AUTO_TEST_CASE(din_score_is_its_probability_however_its_list_is_ordered) {
  BOOST_CHECK_CLOSE(scores_of(merged())[0].at("din").get<double>(), 1 / (1 + std::exp(1.0)), 1e-6);
}

BOOST_AUTO_TEST_CASE(scores_have_no_sources_without_stage_features) {
  auto list = merged();
  list.candidates = std::make_shared<const ranked_list>(
      ranked_list{list_source::personalised, {{5, 0.5f}, {6, 0.25f}, {7, 0.75f}}});
  BOOST_TEST(!scores_of(list)[0].contains("sources"));
}

BOOST_AUTO_TEST_SUITE_END()
