#include "models/training/lightgcn_course.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace winnow {
namespace {

constexpr auto any_number = std::numeric_limits<std::size_t>::max();

/// Validates after each epoch; the last recall counts for all later ones.
/// @return The epochs in which it settles, and the number of all.
struct run {
  std::size_t epochs = 0;
  std::size_t settled = 0;
  std::vector<std::size_t> kept; ///< Epochs whose embeddings were to be kept.
};

run run_of(lightgcn_course course, const std::vector<double>& recalls) {
  run seen;
  while (course.goes_on(seen.epochs, any_number)) {
    ++seen.epochs;
    seen.settled += course.is_settling() ? 1 : 0;
    if (!recalls.empty() && course.validated(recalls[std::min(seen.epochs, recalls.size()) - 1]))
      seen.kept.push_back(seen.epochs);
  }
  return seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lightgcn_course_suite)

BOOST_AUTO_TEST_CASE(the_last_epochs_of_a_given_number_settle) {
  BOOST_TEST(run_of({20, 4, true}, {}).epochs == 20);
  BOOST_TEST(run_of({20, 4, true}, {}).settled == 4);
  BOOST_TEST(run_of({8, 4, true}, {}).settled == 2);
  BOOST_TEST(run_of({1, 4, true}, {}).settled == 0);
  BOOST_TEST(run_of({20, 4, false}, {}).settled == 0);
}

BOOST_AUTO_TEST_CASE(a_standstill_begins_the_settling_and_else_ends) {
  const std::vector<double> recalls{.1, .2, .3};
  const auto settling = run_of({100, 4, true}, recalls);
  BOOST_TEST(settling.epochs == 3 + 4 + lightgcn_course::settling_epochs);
  BOOST_TEST(settling.settled == lightgcn_course::settling_epochs);
  BOOST_TEST(run_of({100, 4, false}, recalls).epochs == 3 + 4);
}

BOOST_AUTO_TEST_CASE(slow_gains_are_a_standstill_only_together) {
  // Each gains .3 %, so two together are notable.
  BOOST_TEST(run_of({6, 2, false}, {.1, .1003, .1006, .1009, .1012, .1015}).epochs == 6);
  BOOST_TEST(run_of({6, 1, false}, {.1, .1003, .1006, .1009, .1012, .1015}).epochs == 2);
}

BOOST_AUTO_TEST_CASE(a_recall_that_has_fallen_settles_from_the_best) {
  const auto fallen = run_of({100, 4, true}, {.1, .2, .3, .29, .28, .27, .26});
  BOOST_TEST(fallen.epochs == 7 + lightgcn_course::settling_epochs);
  BOOST_TEST(fallen.kept == (std::vector<std::size_t>{1, 2, 3}), boost::test_tools::per_element());

  lightgcn_course course(100, 1, true);
  course.validated(.30);
  BOOST_TEST(course.goes_on(1, any_number));
  BOOST_TEST(!course.returns_to_best(1)); // does not settle yet
  course.validated(.29);
  BOOST_TEST(course.goes_on(2, any_number));
  BOOST_TEST(course.returns_to_best(2));
  lightgcn_course resumed(100, 1, true);
  resumed.restore(course.saved());
  BOOST_TEST(resumed.goes_on(2, any_number));
  BOOST_TEST(resumed.returns_to_best(2));
  course.validated(.29);
  BOOST_TEST(course.goes_on(3, any_number));
  BOOST_TEST(!course.returns_to_best(3)); // once

  BOOST_TEST(!course.validated(.2999)); // no better than what it settled from
  BOOST_TEST(course.validated(.3001));

  lightgcn_course still(100, 1, true);
  still.validated(.30);
  still.validated(.2999);
  BOOST_TEST(still.goes_on(2, any_number));
  BOOST_TEST(still.is_settling());
  BOOST_TEST(!still.returns_to_best(2));
}

BOOST_AUTO_TEST_CASE(a_resumed_run_returns_to_the_best_no_second_time) {
  lightgcn_course whole(8, 4, true);
  whole.validated(.30);
  whole.validated(.28);
  BOOST_TEST(whole.goes_on(6, any_number));
  BOOST_TEST(whole.returns_to_best(6));
  lightgcn_course resumed(8, 4, true);
  resumed.restore(whole.saved());
  BOOST_TEST(resumed.goes_on(7, any_number));
  BOOST_TEST(resumed.is_settling());
  BOOST_TEST(!resumed.returns_to_best(7));
}

BOOST_AUTO_TEST_CASE(settled_embeddings_are_kept_although_a_little_worse) {
  const auto kept = run_of({100, 2, true}, {.300, .2999, .2998, .2995, .2980, .2900}).kept;
  BOOST_TEST(kept == (std::vector<std::size_t>{1, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(little_time_begins_the_settling) {
  lightgcn_course course(100, 4, true);
  BOOST_TEST(course.goes_on(30, 5));
  BOOST_TEST(!course.is_settling());
  BOOST_TEST(course.goes_on(31, 4));
  BOOST_TEST(course.is_settling());
  BOOST_TEST(!course.goes_on(32, 0));
}

BOOST_AUTO_TEST_CASE(the_last_epoch_is_known_once_it_settles) {
  lightgcn_course course(100, 4, true);
  BOOST_TEST(course.is_last(100));
  BOOST_TEST(course.goes_on(30, 4));
  BOOST_TEST(course.is_last(30 + lightgcn_course::settling_epochs));
  BOOST_TEST(!course.is_last(30 + lightgcn_course::settling_epochs - 1));
}

BOOST_AUTO_TEST_CASE(with_more_epochs_a_restored_run_learns_on) {
  lightgcn_course ended(20, 4, true);
  BOOST_TEST(ended.goes_on(17, any_number));
  BOOST_TEST(ended.is_settling());
  lightgcn_course longer(40, 4, true);
  longer.restore(ended.saved());
  BOOST_TEST(longer.goes_on(20, any_number));
  BOOST_TEST(!longer.is_settling());
}

BOOST_AUTO_TEST_CASE(settling_of_a_standstill_goes_on_where_it_was) {
  lightgcn_course first(100, 1, true);
  first.validated(.3);
  first.validated(.3);
  BOOST_TEST(first.goes_on(10, any_number));
  BOOST_TEST(first.is_settling());
  first.validated(.31); // a gain by settling
  lightgcn_course second(100, 1, true);
  second.restore(first.saved());
  BOOST_TEST(second.is_settling());
  BOOST_TEST(second.goes_on(13, any_number));
  BOOST_TEST(!second.goes_on(14, any_number));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
