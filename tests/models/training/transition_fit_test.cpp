#include "models/training/transition_fit.hpp"

#include "tests/models/training/small_trainings.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

using test::quiet_observer;
using test::ring;

BOOST_AUTO_TEST_SUITE(transition_fit)

BOOST_AUTO_TEST_CASE(finds_settings_that_predict_the_validation_items) {
  thread_team team(2);
  quiet_observer observer;
  transition_fit_options options;
  options.rules.backward = 1; // a poor place to begin: there is one direction
  options.scoring.history_decay = 0.95;
  const auto fitted = fit_transitions(ring(40, true), options, team, observer);
  BOOST_REQUIRE(fitted);
  BOOST_CHECK_CLOSE(fitted->best_ndcg, 1.0, 1e-9);
  BOOST_CHECK_GT(fitted->counts.successors.size(), 0u);
}

BOOST_AUTO_TEST_CASE(keeps_the_given_settings_without_validation_items) {
  thread_team team(1);
  quiet_observer observer;
  const auto fitted = fit_transitions(ring(20, false), {}, team, observer);
  BOOST_REQUIRE(fitted);
  BOOST_CHECK_EQUAL(fitted->rules.backward, transition_rules().backward);
  BOOST_CHECK_EQUAL(fitted->scoring.history_decay, transition_scoring().history_decay);
  BOOST_CHECK_EQUAL(fitted->best_ndcg, 0.0);
  BOOST_CHECK_GT(fitted->counts.successors.size(), 0u);
}

BOOST_AUTO_TEST_CASE(ends_when_the_observer_says_so) {
  thread_team team(1);
  quiet_observer observer;
  observer.go_on = false;
  BOOST_CHECK(!fit_transitions(ring(20, true), {}, team, observer));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
