#include "models/training/lightgcn_fit.hpp"

#include "tests/models/training/files.hpp"
#include "tests/models/training/small_trainings.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// A training that looks after each epoch and knows its L2.
lightgcn_fit_options options_with(double learning_rate) {
  lightgcn_fit_options options;
  options.model.width = 16;
  options.model.learning_rate = learning_rate;
  options.model.l2 = 1e-4;
  options.epochs = 12;
  options.measure_every = 1;
  options.patience = 2;
  options.recall_at = 3;
  return options;
}

/// Keeps what was measured at the end of each epoch, too.
struct measuring_observer : test::quiet_observer {
  void end_epoch(std::size_t, double, const std::string& measured) override { looks.push_back(measured); }

  std::vector<std::string> looks;
};

struct fitted {
  lightgcn_result result;
  std::vector<std::string> notes, looks;

  bool settled_from(std::size_t epoch) const {
    return std::count(notes.begin(), notes.end(), "LightGCN settles from epoch " + std::to_string(epoch)) ==
           1;
  }
};

fitted fit(const interaction_split& data, const lightgcn_fit_options& options) {
  const test::temp_dir dir;
  measuring_observer observer;
  thread_team team(2);
  state_keeper keeper(std::filesystem::path(dir.path()) / "state", "run", false, std::chrono::hours(1));
  auto trained = test::need(fit_lightgcn(data, options, team, observer, keeper));
  BOOST_REQUIRE(trained);
  return {std::move(*trained), observer.notes, observer.looks};
}

} // namespace

BOOST_AUTO_TEST_SUITE(lightgcn_fit)

BOOST_AUTO_TEST_CASE(steps_that_only_harm_end_with_the_embeddings_of_the_start) {
  const auto data = test::ring(60, true);
  const auto harmed = fit(data, options_with(30));
  BOOST_CHECK(harmed.settled_from(0));
  auto none = options_with(30);
  none.epochs = 0;
  const auto start = fit(data, none);
  BOOST_CHECK_EQUAL(harmed.result.best_epoch, 0u);
  BOOST_CHECK_EQUAL(harmed.result.best_recall, start.result.best_recall);
  BOOST_CHECK(harmed.result.propagated.values() == start.result.propagated.values());
  BOOST_CHECK(harmed.result.fold_in.values() == start.result.fold_in.values());
}

BOOST_AUTO_TEST_CASE(steps_that_help_are_kept) {
  const auto data = test::ring(60, true);
  auto from_random = options_with(0.05);
  from_random.model.loss = pair_loss::bpr;
  from_random.epochs = 1;
  const auto begun = fit(data, from_random);
  from_random.epochs = 60;
  from_random.patience = 60;
  const auto trained = fit(data, from_random);
  BOOST_CHECK_GT(trained.result.best_epoch, 1u);
  BOOST_CHECK_GT(trained.result.best_recall, begun.result.best_recall);
}

BOOST_AUTO_TEST_CASE(the_last_epoch_that_the_limit_leaves_is_validated) {
  auto options = options_with(0.01);
  options.measure_every = 2;
  options.limit = time_limit(time_limit::clock::now()); // leaves one
  const auto trained = fit(test::ring(60, true), options);
  BOOST_CHECK_EQUAL(trained.result.epochs, 1u);
  BOOST_REQUIRE_EQUAL(trained.looks.size(), 1u);
  BOOST_CHECK_EQUAL(trained.looks.front().find("validation recall@3"), 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
