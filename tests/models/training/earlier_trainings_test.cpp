#include "tools/winnow-train/earlier_trainings.hpp"

#include "tests/models/training/small_trainings.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

namespace winnow {

namespace {

/// Data of which the last item of each user is held back for measuring.
training_data measured_ring() {
  training_data data;
  data.split = test::ring(8, true);
  std::swap(data.split.valid, data.split.test);
  return data;
}

model_description trained(const std::string& split) {
  model_description description;
  description.training = {split, 2020, 0.0, 1.0, "file"};
  return description;
}

} // namespace

BOOST_AUTO_TEST_SUITE(earlier_trainings)

BOOST_AUTO_TEST_CASE(one_that_held_the_same_items_back_saw_nothing) {
  test::quiet_observer observer;
  BOOST_TEST(
      trainings_that_saw(trained("leave_one_out"), {}, measured_ring(), "--continue m", observer).empty());
  BOOST_TEST(observer.notes.empty());
}

BOOST_AUTO_TEST_CASE(one_that_held_other_items_back_is_kept_and_told) {
  test::quiet_observer observer;
  const auto saw = trainings_that_saw(trained("none"), {}, measured_ring(), "--continue m", observer);
  BOOST_REQUIRE(saw.size() == 1u);
  BOOST_TEST(saw[0].split == "none");
  BOOST_REQUIRE(observer.notes.size() == 1u);
  BOOST_TEST(observer.notes[0] == "--continue m: the models have seen all interactions: the numbers of this "
                                  "training are optimistic");
}

BOOST_AUTO_TEST_CASE(one_before_the_earlier_one_is_not_forgotten) {
  test::quiet_observer observer;
  auto earlier = trained("leave_one_out");
  earlier.earlier_trainings.push_back({"none", 2020, 0.0, 1.0, "file"});
  const auto saw = trainings_that_saw(earlier, {}, measured_ring(), "--continue m", observer);
  BOOST_REQUIRE(saw.size() == 1u);
  BOOST_TEST(saw[0].split == "none");
}

BOOST_AUTO_TEST_CASE(nothing_is_told_if_nothing_is_measured) {
  test::quiet_observer observer;
  auto data = measured_ring();
  std::swap(data.split.valid, data.split.test);
  BOOST_TEST(trainings_that_saw(trained("none"), {}, data, "--continue m", observer).empty());
  BOOST_TEST(observer.notes.empty());
}

BOOST_AUTO_TEST_CASE(a_given_split_says_nothing_about_other_held_back_items) {
  test::quiet_observer observer;
  train_options options;
  options.split = "somewhere";
  BOOST_TEST(trainings_that_saw(trained("given"), options, measured_ring(), "", observer).empty());
  BOOST_TEST(trainings_that_saw(trained("leave_one_out"), options, measured_ring(), "", observer).size() ==
             1u);
  BOOST_TEST(trainings_that_saw(trained("given"), {}, measured_ring(), "", observer).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
