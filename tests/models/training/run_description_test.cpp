#include "tools/winnow-train/run_description.hpp"

#include "tests/models/training/small_trainings.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

BOOST_AUTO_TEST_SUITE(run_description_suite)

BOOST_AUTO_TEST_CASE(says_what_decides_which_items_are_held_back) {
  train_options options;
  options.seed = 77;
  options.until = 0.6;
  options.reading.least_rating = 4;
  options.reading.ties = tie_order::item;
  training_data data;
  data.split = test::ring(8, true);
  data.how = "ratio:0.1,0.2";
  run_description description;
  description.set_run(options, data);
  BOOST_TEST(description.json().at("split") == "ratio:0.1,0.2");
  const auto& training = description.json().at("training");
  BOOST_TEST(training.at("min_rating") == 4.0);
  BOOST_TEST(training.at("until") == 0.6);
  BOOST_TEST(training.at("holdout_seed") == 77);
  BOOST_TEST(training.at("ties") == "item");
  BOOST_TEST(!training.contains("earlier"));
}

BOOST_AUTO_TEST_CASE(says_what_earlier_trainings_held_back) {
  run_description description;
  description.set_run({}, {}, {{"none", 5, 3.0, 0.5, "item"}, {"given", {}, {}, {}, ""}});
  const auto& earlier = description.json().at("training").at("earlier");
  BOOST_REQUIRE(earlier.size() == 2u);
  BOOST_CHECK(
      earlier.at(0) ==
      nlohmann::ordered_json(
          {{"split", "none"}, {"min_rating", 3.0}, {"until", 0.5}, {"holdout_seed", 5}, {"ties", "item"}}));
  BOOST_CHECK(earlier.at(1) == nlohmann::ordered_json({{"split", "given"}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
