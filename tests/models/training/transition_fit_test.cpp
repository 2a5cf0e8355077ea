#include "models/training/transition_fit.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// Hears nothing, and stops when told to.
struct quiet_observer : training_observer {
  void begin_stage(std::string_view, std::size_t) override {}
  bool step(std::size_t, std::size_t, std::size_t) override { return go_on; }
  void end_epoch(std::size_t, double, const std::string&) override {}
  void end_stage(const std::string&) override {}
  bool wants_state() const override { return false; }
  void note(const std::string&) override {}

  bool go_on = true;
};

/// Users who walk through a ring of items in one direction, each from another place; the next item is held
/// back.
interaction_split ring(std::size_t items, bool with_validation) {
  constexpr std::uint32_t length = 6;
  interaction_split split;
  std::vector<interaction> train, valid;
  for (std::uint32_t item = 0; item < items; ++item)
    split.items.insert("item " + std::to_string(item));
  for (std::uint32_t user = 0; user < items; ++user) {
    split.users.insert("user " + std::to_string(user));
    for (std::uint32_t step = 0; step < length; ++step)
      train.push_back({user, static_cast<std::uint32_t>((user + step) % items), 0});
    if (with_validation)
      valid.push_back({user, static_cast<std::uint32_t>((user + length) % items), 0});
  }
  split.train = item_lists::group(items, train);
  split.valid = item_lists::group(items, valid);
  split.test = item_lists(items);
  return split;
}

} // namespace

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
