#include "models/model_description.hpp"
#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace winnow;
using namespace winnow::test;

model_description read(std::string_view text) {
  const temporary_file file(text);
  return need(read_model_description(file.path()));
}

/// Returns the error message without the file name.
std::string refusal(std::string_view text) {
  const temporary_file file(text);
  const auto read = read_model_description(file.path());
  BOOST_REQUIRE(!read);
  const auto prefix = file.path().string() + ": ";
  BOOST_REQUIRE_EQUAL(read.error().message.substr(0, prefix.size()), prefix);
  return read.error().message.substr(prefix.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_description_)

BOOST_AUTO_TEST_CASE(all_parts_are_optional) {
  const auto empty = read("{}");
  BOOST_CHECK(!empty.cascade.candidates && !empty.cascade.din_keep && !empty.cascade.ranknet_keep);
  BOOST_CHECK(!empty.din_columns && !empty.ranknet_columns);
  BOOST_CHECK(empty.stage_features.empty());
  BOOST_CHECK(empty.training.split.empty() && empty.earlier_trainings.empty());
}

BOOST_AUTO_TEST_CASE(reads_widths_and_columns_and_ignores_the_rest) {
  const auto all = read(R"({"format": 1, "seed": 7, "metrics": {"ndcg": [1, 2]}, "split": "leave_one_out",
    "cascade": {"candidates": 200, "ranknet_keep": 20, "note": null},
    "din": {"columns": ["b", "a"], "hidden": [64]},
    "ranknet": {"columns": ["a", "recall_rank", "din_logit"]}})");
  BOOST_CHECK_EQUAL(all.cascade.candidates.value(), 200u);
  BOOST_CHECK(!all.cascade.din_keep);
  BOOST_CHECK_EQUAL(all.cascade.ranknet_keep.value(), 20u);
  BOOST_CHECK(all.din_columns.value() == std::vector<std::string>({"b", "a"}));
  BOOST_CHECK(all.ranknet_columns.value() == std::vector<std::string>({"a"}));
  BOOST_CHECK(all.stage_features ==
              std::vector<stage_feature>({stage_feature::recall_rank, stage_feature::din_logit}));
  BOOST_CHECK_EQUAL(all.training.split, "leave_one_out");
}

BOOST_AUTO_TEST_CASE(reads_what_was_trained_on) {
  const auto older = read(R"({"split": "ratio:0.1,0.2", "seed": 7})");
  BOOST_CHECK_EQUAL(older.training.seed.value(), 7u);
  BOOST_CHECK(!older.training.min_rating && !older.training.until && older.training.ties.empty());
  const auto newer = read(R"({"seed": 7, "training": {"min_rating": 3.5, "until": 0.6, "holdout_seed": 8,
    "ties": "item"}})")
                         .training;
  BOOST_CHECK_EQUAL(newer.seed.value(), 8u);
  BOOST_CHECK_EQUAL(newer.min_rating.value(), 3.5);
  BOOST_CHECK_EQUAL(newer.until.value(), 0.6);
  BOOST_CHECK_EQUAL(newer.ties, "item");
  BOOST_CHECK_EQUAL(refusal(R"({"training": 3})"), "training: expected an object, got 3");
}

BOOST_AUTO_TEST_CASE(reads_what_earlier_trainings_were_trained_on) {
  const auto earlier = read(R"({"seed": 7, "training": {"earlier": [{"split": "none"},
    {"split": "leave_one_out", "min_rating": 3, "until": 0.5, "holdout_seed": 9, "ties": "file"}]}})")
                           .earlier_trainings;
  BOOST_REQUIRE_EQUAL(earlier.size(), 2u);
  BOOST_CHECK_EQUAL(earlier[0].split, "none");
  BOOST_CHECK(!earlier[0].seed);
  BOOST_CHECK_EQUAL(earlier[1].split, "leave_one_out");
  BOOST_CHECK_EQUAL(earlier[1].min_rating.value(), 3);
  BOOST_CHECK_EQUAL(earlier[1].until.value(), 0.5);
  BOOST_CHECK_EQUAL(earlier[1].seed.value(), 9u);
  BOOST_CHECK_EQUAL(earlier[1].ties, "file");
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"earlier": {}}})"),
                    "training.earlier: expected an array of trainings, got {}");
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"earlier": [{}, 3]}})"),
                    "training.earlier[1]: expected an object, got 3");
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"earlier": [{"split": 3}]}})"),
                    "training.earlier[0].split: expected a text, got 3");
}

BOOST_AUTO_TEST_CASE(refuses_what_was_trained_on_if_it_has_another_type) {
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"until": "0.6"}})"),
                    "training.until: expected a number from 0 to 1, got \"0.6\"");
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"until": 2}})"),
                    "training.until: expected a number from 0 to 1, got 2");
  BOOST_CHECK_EQUAL(
      refusal(R"({"training": {"min_rating": "3"}})").find("training.min_rating: expected a number"), 0u);
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"holdout_seed": -1}})"),
                    "training.holdout_seed: expected a whole number of 0 or more, got -1");
  BOOST_CHECK_EQUAL(refusal(R"({"seed": 1.5})"), "seed: expected a whole number of 0 or more, got 1.5");
  BOOST_CHECK_EQUAL(refusal(R"({"split": 5})"), "split: expected a text, got 5");
  BOOST_CHECK_EQUAL(refusal(R"({"training": {"ties": 1}})"), "training.ties: expected a text, got 1");
  BOOST_CHECK_EQUAL(read(R"({"seed": "for people", "training": {"holdout_seed": 8}})").training.seed.value(),
                    8u);
}

BOOST_AUTO_TEST_CASE(reads_the_histograms_of_the_training) {
  BOOST_CHECK(!read("{}").drift);
  const auto all = read(R"({"drift": {"score": {"bounds": [-1.5, 2], "shares": [0.25, 0.25, 0.5]}}})").drift;
  BOOST_REQUIRE(all && all->size() == 1u);
  BOOST_CHECK_EQUAL(all->front().name, "score");
  BOOST_CHECK((all->front().bounds == std::vector<float>{-1.5f, 2.0f}));
  BOOST_CHECK((all->front().shares == std::vector<double>{0.25, 0.25, 0.5}));
  BOOST_CHECK_EQUAL(refusal(R"({"drift": 3})"), "drift: expected an object, got 3");
  BOOST_CHECK_EQUAL(refusal(R"({"drift": {"score": {"bounds": ["a"], "shares": []}}})"),
                    "drift.score.bounds: expected an array of numbers");
  BOOST_CHECK_EQUAL(refusal(R"({"drift": {"score": {"bounds": [2, 1], "shares": [0, 0, 1]}}})"),
                    "drift.score: expected ascending bounds, and one share more than bounds, got "
                    "{\"bounds\":[2,1],\"shares\":[0,0,1]}");
}

BOOST_AUTO_TEST_CASE(reads_how_transitions_score) {
  BOOST_CHECK(!read("{}").transitions);
  const auto all =
      read(R"({"transitions": {"history_decay": 0.5, "history_length": 7, "popularity_exponent": 0,
    "candidates": 60, "weight": 4, "din_weight": 8.5}})");
  BOOST_REQUIRE(all.transitions);
  BOOST_CHECK_EQUAL(all.transitions->scoring.history_decay, 0.5);
  BOOST_CHECK_EQUAL(all.transitions->scoring.history_length, 7u);
  BOOST_CHECK_EQUAL(all.transitions->scoring.popularity_exponent, 0.0);
  BOOST_CHECK_EQUAL(all.transitions->candidates, 60u);
  BOOST_CHECK_EQUAL(all.transitions->weight, 4.0);
  BOOST_CHECK_EQUAL(all.transitions->din_weight, 8.5);
  BOOST_CHECK_EQUAL(read(R"({"transitions": {}})").transitions->candidates, 100u);
  BOOST_CHECK_EQUAL(refusal(R"({"transitions": []})"), "transitions: expected an object, got []");
  BOOST_CHECK_EQUAL(refusal(R"({"transitions": {"history_decay": 1.5}})"),
                    "transitions.history_decay: expected a number from 0 to 1, got 1.5");
  BOOST_CHECK_EQUAL(refusal(R"({"transitions": {"weight": "4"}})"),
                    "transitions.weight: expected a number from 0 to 1e+06, got \"4\"");
}

BOOST_AUTO_TEST_CASE(reads_how_transitions_were_counted) {
  const auto all = read(R"({"transitions": {"gap_decay": 0.85, "backward": 0.15, "reach": 12}})");
  BOOST_CHECK_EQUAL(all.transitions->rules.gap_decay, 0.85);
  BOOST_CHECK_EQUAL(all.transitions->rules.backward, 0.15);
  BOOST_CHECK_EQUAL(all.transitions->rules.reach, 12u);
  const auto defaults =
      read(R"({"transitions": {}})").transitions->rules; // of directories without the fields
  BOOST_CHECK_EQUAL(defaults.gap_decay, 0.7);
  BOOST_CHECK_EQUAL(defaults.backward, 0.3);
  BOOST_CHECK_EQUAL(defaults.reach, 20u);
  BOOST_CHECK_EQUAL(refusal(R"({"transitions": {"gap_decay": -0.1}})"),
                    "transitions.gap_decay: expected a number from 0 to 1, got -0.1");
  BOOST_CHECK_EQUAL(refusal(R"({"transitions": {"backward": 2}})"),
                    "transitions.backward: expected a number from 0 to 1, got 2");
  BOOST_CHECK_EQUAL(read(R"({"recent_counts": {"half_life_events": 250.5}})").recent_half_life.value(),
                    250.5);
  BOOST_CHECK(!read("{}").recent_half_life);
  BOOST_CHECK_EQUAL(refusal(R"({"recent_counts": {"half_life_events": 0}})"),
                    "recent_counts.half_life_events: expected a number from 1 to 1e+15, got 0");
  BOOST_CHECK_EQUAL(refusal(R"({"transitions": {"reach": 0}})"),
                    "transitions.reach: expected a whole number from 1 to 100000, got 0");
}

BOOST_AUTO_TEST_CASE(ranknet_may_use_stage_features_only) {
  const auto alone = read(R"({"ranknet": {"columns": ["lightgcn_score"]}})");
  BOOST_CHECK(alone.ranknet_columns.value().empty());
  BOOST_CHECK_EQUAL(alone.stage_features.size(), 1u);
}

BOOST_AUTO_TEST_CASE(errors_name_the_field_the_expected_and_the_actual_value) {
  BOOST_CHECK_EQUAL(refusal("[]"), "expected an object, got []");
  BOOST_CHECK_EQUAL(refusal(R"({"format": 2})"), "format: expected 1, got 2");
  BOOST_CHECK_EQUAL(refusal(R"({"cascade": 3})"), "cascade: expected an object, got 3");
  for (const auto* wrong : {"0", "-1", "1.5", "\"5\"", "100001"})
    BOOST_CHECK_EQUAL(refusal(std::string(R"({"cascade": {"din_keep": )") + wrong + "}}"),
                      std::string("cascade.din_keep: expected a whole number from 1 to 100000, got ") +
                          wrong);
  BOOST_CHECK_EQUAL(refusal(R"({"cascade": {"candidates": 10, "ranknet_keep": 20}})"),
                    "cascade.ranknet_keep: expected at most candidates (10), got 20");
  BOOST_CHECK_EQUAL(refusal(R"({"din": {"columns": []}})"),
                    "din.columns: expected an array of at least one column name, got []");
  BOOST_CHECK_EQUAL(refusal(R"({"din": {"columns": ["a", 5]}})"),
                    "din.columns[1]: expected a column name, got 5");
  BOOST_CHECK_EQUAL(refusal(R"({"ranknet": {"columns": ["a", "a"]}})"),
                    "ranknet.columns[1]: expected each column once, got \"a\"");
}

BOOST_AUTO_TEST_CASE(refuses_item_columns_after_stage_features) {
  BOOST_CHECK_EQUAL(
      refusal(R"({"ranknet": {"columns": ["a", "din_logit", "b"]}})"),
      "ranknet.columns: expected the item columns before the stage features, got \"b\" after din_logit");
}

BOOST_AUTO_TEST_CASE(refuses_text_that_is_not_json) {
  BOOST_CHECK_EQUAL(refusal("{\"format\": ").substr(0, 9), "not JSON:");
  BOOST_CHECK_EQUAL(refusal(std::string(100'000, '[')), "expected JSON of at most 100 levels, got more");
}

BOOST_AUTO_TEST_SUITE_END()
