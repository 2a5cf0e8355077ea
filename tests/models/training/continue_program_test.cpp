#include "models/model_set.hpp"
#include "models/online/list_values.hpp"
#include "models/registry/version_directory.hpp"
#include "tests/models/training/files.hpp"
#include "tests/models/training/train_program.hpp"
#include "tools/winnow-train/continuation.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

/// winnow-train --continue.
namespace winnow {

namespace {

using nlohmann::json;

json description_of(const std::filesystem::path& models) {
  return json::parse(test::bytes_of(models / "model.json"));
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(continued_training, test::train_program)

BOOST_AUTO_TEST_CASE(takes_over_all_stages_and_is_reproducible) {
  BOOST_REQUIRE(train("old", "--until 0.8").code == 0);
  const auto old = test::files_below(in("old"));
  const auto more = "--continue " + in("old").string();
  const auto end = train("new", more);
  BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
  BOOST_CHECK(test::files_below(in("old")) == old);
  const auto from = description_of(in("new")).at("continued");
  BOOST_TEST(from.at("from") == in("old").string());
  for (const char* stage : {"lightgcn", "din", "ranknet"})
    BOOST_TEST(from.at(stage) == true, stage);
  BOOST_TEST(from.at("new_events").get<int>() > 0);
  BOOST_TEST(description_of(in("new")).at("transitions").at("gap_decay") ==
             description_of(in("old")).at("transitions").at("gap_decay"));
  model_settings settings;
  settings.dir = in("new").string();
  BOOST_TEST(test::need(load_model_set(settings))->users->size() > 0u);
  BOOST_REQUIRE(train("again", more + " --threads 1").code == 0);
  auto a = test::files_below(in("new")), b = test::files_below(in("again"));
  BOOST_CHECK(a == b);
}

BOOST_AUTO_TEST_CASE(what_earlier_stages_saw_is_told_and_kept) {
  namespace fs = std::filesystem;
  const std::string told =
      ": the models have seen all interactions: the numbers of this training are optimistic";
  BOOST_REQUIRE(train("live", "--holdout valid").code == 0);
  const auto continued = train("continued", "--continue " + in("live").string());
  BOOST_REQUIRE_MESSAGE(continued.code == 0, continued.errors);
  BOOST_TEST(says(continued.errors, "--continue " + in("live").string() + told), continued.errors);
  fs::copy(in("live"), in("stage"), fs::copy_options::recursive);
  const auto stage = train("stage", "--stage ranknet");
  BOOST_REQUIRE_MESSAGE(stage.code == 0, stage.errors);
  BOOST_TEST(says(stage.errors, "the earlier stages in " + in("stage").string() + told), stage.errors);
  const auto again = train("again", "--continue " + in("continued").string());
  BOOST_TEST(says(again.errors, told), again.errors);
  const auto anew = train("anew", "--continue " + in("live").string() + " --dim 32");
  BOOST_TEST(!says(anew.errors, told), anew.errors);
  const auto measured = [&](const char* models) {
    return run("winnow-eval", "--model-dir '" + in(models).string() + "' --interactions '" +
                                  (test::small_shop() / "interactions.csv").string() + "'")
        .errors;
  };
  for (const auto* models : {"continued", "stage", "again"}) {
    BOOST_TEST(description_of(in(models)).at("split") == "leave_one_out", models);
    BOOST_TEST(description_of(in(models)).at("training").at("earlier").size() == 1u, models);
    BOOST_TEST(
        says(measured(models), "an earlier training, which this one builds on: the models have seen all"),
        models);
  }
  BOOST_TEST(measured("anew") == "");
}

BOOST_AUTO_TEST_CASE(every_training_keeps_histograms_of_its_scores_and_stage_features) {
  BOOST_REQUIRE(train("models").code == 0);
  const auto description = description_of(in("models"));
  model_settings settings;
  settings.dir = in("models").string();
  const auto models = test::need(load_model_set(settings));
  const auto names = watched_values(*models);
  BOOST_REQUIRE(models->drift != nullptr);
  BOOST_TEST(models->drift->size() == names.size());
  for (const auto& name : names) {
    double sum = 0;
    for (const auto& share : description.at("drift").at(name).at("shares"))
      sum += share.get<double>();
    BOOST_TEST(sum == 1.0, boost::test_tools::tolerance(1e-6));
  }
  BOOST_TEST(models->trained_at > 1'700'000'000);
  BOOST_REQUIRE(train("lightgcn", "--stage lightgcn").code == 0);
  BOOST_TEST(!description_of(in("lightgcn")).contains("drift")); // no rankers, no lists
}

BOOST_AUTO_TEST_CASE(continues_the_version_that_is_served) {
  const auto home = in("models").string();
  BOOST_REQUIRE(train("models", "--publish --continue " + home).code == 0);
  const auto first = test::need(list_versions(home)).front();
  const auto end = train("models", "--publish --continue " + home);
  BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
  BOOST_TEST(says(end.errors, "--continue " + first.directory.string() + ": 0 new users"), end.errors);
  const auto versions = test::need(list_versions(home));
  BOOST_TEST(versions.size() == 2u);
}

BOOST_AUTO_TEST_CASE(trains_from_the_start_what_does_not_fit_and_says_so) {
  const auto none = train("models", "--continue " + in("models").string());
  BOOST_REQUIRE_MESSAGE(none.code == 0, none.errors);
  BOOST_TEST(says(none.errors, "--continue: all stages are trained from the start: "), none.errors);
  BOOST_TEST(!description_of(in("models")).contains("continued"));
  const auto more = "--continue " + in("models").string();

  const auto wider = train("wider", more + " --dim 32");
  BOOST_REQUIRE_MESSAGE(wider.code == 0, wider.errors);
  BOOST_TEST(says(wider.errors, "from the start: --dim 32, but the embeddings in "), wider.errors);
  BOOST_TEST(says(wider.errors, " have 16 numbers"), wider.errors);
  BOOST_TEST(description_of(in("wider")).at("continued").at("din") == false);

  const auto ids = train("ids", more + " --id-dim 8");
  BOOST_REQUIRE_MESSAGE(ids.code == 0, ids.errors);
  BOOST_TEST(says(ids.errors, "DIN and RankNet are trained from the start: "), ids.errors);
  const auto from = description_of(in("ids")).at("continued");
  BOOST_TEST(from.at("lightgcn") == true);
  BOOST_TEST(from.at("din") == false);
  BOOST_TEST(from.at("ranknet") == false);

  BOOST_TEST(train("x", more + " --stage din").code == 78);
}

BOOST_AUTO_TEST_CASE(only_the_directory_of_the_output_may_have_no_models_yet) {
  namespace fs = std::filesystem;
  fs::create_directories(in("empty"));
  std::ofstream(in("file")).close();
  for (const auto* from : {"empty", "nowhere", "file"}) {
    const auto end = train("models", "--continue " + in(from).string());
    BOOST_TEST(end.code == 66, end.errors);
    BOOST_TEST(says(end.errors, in(from).string()), end.errors);
    BOOST_TEST(!says(end.errors, "epoch"), end.errors);
  }
  const auto end = train("models", "--continue " + in("empty").string());
  BOOST_TEST(says(end.errors, ": expected the models of an earlier training, found none ("), end.errors);
  BOOST_TEST(!fs::exists(in("models/.training")));
}

BOOST_AUTO_TEST_CASE(damaged_features_and_marks_are_refused_before_the_training) {
  namespace fs = std::filesystem;
  BOOST_REQUIRE(train("models").code == 0);
  fs::remove(in("models/manifest.json")); // without it, nothing says what the files were
  const auto refuses = [&](const std::string& name, const std::string& damaged) {
    const auto file = in("models") / name;
    const auto whole = test::bytes_of(file);
    std::ofstream(file) << damaged;
    const auto refused = continuation::read(in("models").string());
    std::ofstream(file) << whole;
    BOOST_REQUIRE_MESSAGE(!refused, name);
    BOOST_CHECK(refused.error().cause == fault::malformed);
    BOOST_TEST(says(refused.error().message, file.string()), refused.error().message);
  };
  refuses("item_features.csv", "item_id,din_0\nx,not a number\n");
  refuses("counted_histories.csv", "user_id,items,tail\na,x,1\n");
  refuses("din/best_model.pth", "damaged");
  refuses("ranknet/best_model.pth", "damaged");
  BOOST_CHECK(continuation::read(in("models").string()));
  fs::remove(in("models/item_features.csv"));
  const auto end = train("other", "--continue " + in("models").string());
  BOOST_TEST(end.code == 66, end.errors);
  BOOST_TEST(says(end.errors, "item_features.csv"), end.errors);
  BOOST_TEST(!says(end.errors, "epoch"), end.errors);
}

BOOST_AUTO_TEST_CASE(refuses_damaged_models) {
  BOOST_REQUIRE(train("models").code == 0);
  std::ofstream(in("models") / "din/best_model.pth") << "damaged";
  const auto end = train("other", "--continue " + in("models").string());
  BOOST_TEST(end.code == 66);
  BOOST_TEST(says(end.errors, "din/best_model.pth"), end.errors);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
