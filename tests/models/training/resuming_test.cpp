#include "tools/winnow-train/resuming.hpp"

#include "tests/models/training/files.hpp"
#include "tests/models/training/small_trainings.hpp"
#include "tools/winnow-train/hyper_parameters.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// Runs in one directory, each with the states that earlier ones kept.
struct runs {
  /// The options of a run in the directory.
  train_options options() const {
    train_options chosen;
    chosen.out = dir.path();
    chosen.threads = 1;
    chosen.resume = true;
    return chosen;
  }

  /// A run whose draft has begun and that is described.
  std::unique_ptr<stage_context> begin(const train_options& chosen,
                                       const std::string& digest = "of the data") {
    training_data data;
    data.split = test::ring(8, true);
    data.digest = digest;
    auto run = std::make_unique<stage_context>(chosen, time_limit(), std::move(data), observer);
    BOOST_REQUIRE(run->draft.begin(chosen.resume));
    run->description.set_run(run->options, run->data);
    return run;
  }

  /// Keeps states of LightGCN and DIN, as a run that was stopped.
  void stop(stage_context& run, const std::string& embeddings = "the first") const {
    auto of_din = run_of_din(run);
    of_din["embeddings"] = embeddings;
    const auto of_lightgcn = run.run_of(hyper_parameters_of(run.options.lightgcn, run.data.split));
    for (auto keeper : {run.keep("lightgcn", of_lightgcn), run.keep("din", of_din)})
      BOOST_REQUIRE(keeper.keep([] { return state_to_keep{}; }, true));
  }

  std::string refusal(const train_options& chosen, const std::string& digest = "of the data") {
    const auto checked = check_states(*begin(chosen, digest));
    if (checked)
      return "";
    BOOST_CHECK(checked.error().cause == fault::invalid_argument);
    return checked.error().message;
  }

  bool has(const std::string& text) const {
    for (const auto& note : observer.notes)
      if (note.find(text) != std::string::npos)
        return true;
    return false;
  }

  test::temp_dir dir;
  test::quiet_observer observer;
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(resuming, runs)

BOOST_AUTO_TEST_CASE(lightgcn_alone_does_not_end_a_run_that_also_trains_din) {
  auto chosen = options();
  stop(*begin(chosen));
  chosen.stage = training_stage::lightgcn;
  BOOST_TEST(says(refusal(chosen), "resume it without --stage lightgcn"));
}

BOOST_AUTO_TEST_CASE(a_run_with_the_same_settings_resumes) {
  stop(*begin(options()));
  BOOST_TEST(refusal(options()) == "");
  BOOST_TEST(!has("nothing to resume"));
  auto longer = options(); // the number of LightGCN's epochs may change
  longer.lightgcn.epochs = 7;
  BOOST_TEST(refusal(longer) == "");
}

BOOST_AUTO_TEST_CASE(other_settings_or_data_are_refused_and_the_states_stay) {
  stop(*begin(options()));
  auto other = options();
  other.seed = 7;
  BOOST_TEST(says(refusal(other), "lightgcn.state: expected the training state of this run"), refusal(other));
  BOOST_TEST(says(refusal(other), "(seed: 2020, now 7)"), refusal(other));
  BOOST_TEST(says(refusal(options(), "other"), "(data: \"of the data\", now \"other\")"));
  other = options();
  other.din.epochs = 9;
  BOOST_TEST(says(refusal(other), "din.state: "), refusal(other));
  BOOST_TEST(says(refusal(other), "(parameters.epochs: "), refusal(other));
  other = options();
  other.widths.ranknet_keep = 3;
  BOOST_TEST(says(refusal(other), "(cascade.ranknet_keep: 20, now 3)"), refusal(other));
  BOOST_TEST(refusal(options()) == ""); // still
}

BOOST_AUTO_TEST_CASE(says_if_there_is_nothing_to_resume) {
  BOOST_TEST(refusal(options()) == "");
  BOOST_TEST(has("--resume: nothing to resume; training from the start"));
}

BOOST_AUTO_TEST_CASE(a_run_that_does_not_resume_leaves_no_states_of_an_earlier_one) {
  stop(*begin(options()));
  auto anew = options();
  anew.resume = false;
  const auto run = begin(anew);
  for (const auto* stage : {"lightgcn", "din"})
    BOOST_TEST(!std::filesystem::exists(run->draft.state_of(stage)), stage);
}

BOOST_AUTO_TEST_CASE(din_begins_anew_where_lightgcn_went_on) {
  const auto run = begin(options());
  stop(*run, "the first");
  const auto file = run->draft.state_of("din");
  auto identity = run_of_din(*run);
  identity["embeddings"] = "the first";
  drop_state_of_other_embeddings(*run, identity);
  BOOST_TEST(std::filesystem::exists(file));
  identity["embeddings"] = "further ones";
  identity["seed"] = 5;
  drop_state_of_other_embeddings(*run, identity); // that of another run is refused later
  BOOST_TEST(std::filesystem::exists(file));
  identity["seed"] = 2020;
  drop_state_of_other_embeddings(*run, identity);
  BOOST_TEST(!std::filesystem::exists(file));
  BOOST_TEST(has("DIN begins anew"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
