#include "tools/winnow-train/continuation.hpp"

#include "tests/models/training/files.hpp"
#include "tests/models/training/small_trainings.hpp"
#include "tools/winnow-train/model_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>

/// What a training takes over from the models of a directory, as `continuation` reads them.
namespace winnow {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

training_data some_data() {
  training_data data;
  data.split = test::ring(8, true);
  return data;
}

/// Publishes LightGCN of a split with this description.
fs::path published(const test::temp_dir& dir, const ordered_json& description,
                   const interaction_split& split = some_data().split) {
  lightgcn_result trained;
  trained.initial = trained.propagated = embedding_rows(split.users.size() + split.items.size(), 8);
  const auto home = fs::path(dir.path()) / "models";
  const model_draft draft(home);
  BOOST_REQUIRE(draft.begin(false));
  BOOST_REQUIRE(draft.write_lightgcn(split, trained));
  BOOST_REQUIRE(draft.write_description(description));
  BOOST_REQUIRE(draft.publish());
  return home;
}

/// The options of a training that continues from these models.
train_options continued(const fs::path& models, train_options options = {}) {
  test::quiet_observer observer;
  auto from = test::need(continuation::read(models.string()));
  from.begin(options, some_data(), observer);
  return options;
}

void check(const cascade_widths& made, const cascade_widths& wanted) {
  BOOST_TEST(made.candidates == wanted.candidates);
  BOOST_TEST(made.din_keep == wanted.din_keep);
  BOOST_TEST(made.ranknet_keep == wanted.ranknet_keep);
}

const ordered_json described{{"cascade", {{"candidates", 50}, {"din_keep", 20}, {"ranknet_keep", 10}}},
                             {"hyper_parameters", ordered_json::object()},
                             {"transitions", {{"candidates", 30}}}};

} // namespace

BOOST_AUTO_TEST_SUITE(continuation_suite)

BOOST_AUTO_TEST_CASE(keeps_the_widths_of_the_models_unless_others_are_given) {
  const test::temp_dir dir;
  const auto models = published(dir, described);
  const auto same = continued(models);
  check(same.widths, {50, 20, 10});
  BOOST_TEST(same.din.candidates == 50u);
  BOOST_TEST(same.transition_candidates == 30u);

  train_options given;
  given.given_widths.din_keep = 40;
  given.given.transition_candidates = true;
  given.transition_candidates = 7;
  const auto other = continued(models, given);
  check(other.widths, {50, 40, 10});
  BOOST_TEST(other.transition_candidates == 7u);
}

BOOST_AUTO_TEST_CASE(models_that_do_not_say_their_widths_get_the_usual_ones) {
  const test::temp_dir dir;
  const auto options = continued(published(dir, ordered_json::object()));
  check(options.widths, usual_widths);
  BOOST_TEST(options.transition_candidates == train_options().transition_candidates);
}

BOOST_AUTO_TEST_CASE(models_without_transitions_stay_without) {
  const test::temp_dir dir;
  auto none = described;
  none.erase("transitions");
  BOOST_TEST(continued(published(dir, none)).transition_candidates == 0u);
}

BOOST_AUTO_TEST_CASE(users_without_training_items_have_no_rows) {
  const test::temp_dir dir;
  auto data = some_data();
  auto& split = data.split;
  std::vector<interaction> train, valid;
  for (std::uint32_t user = 0; user < split.train.users(); ++user)
    for (const auto item : split.train.of(user))
      (user == 3 ? valid : train).push_back({user, item, 0});
  split.train = item_lists::group(split.users.size(), train);
  split.valid = item_lists::group(split.users.size(), valid);
  const auto models = published(dir, described, split);
  const auto rows = test::bytes_of(models / "lightgcn/user_embeddings.csv");
  BOOST_TEST(std::count(rows.begin(), rows.end(), '\n') == 8); // the header and seven users
  BOOST_TEST(rows.find("user 3,") == std::string::npos);
  test::quiet_observer observer;
  train_options options;
  auto from = test::need(continuation::read(models.string())); // also finds the rows in the checkpoint
  from.begin(options, data, observer);
  BOOST_REQUIRE(!observer.notes.empty());
  BOOST_TEST(observer.notes[0].find(": 1 new users of 8, 0 new items of 8") != std::string::npos,
             observer.notes[0]);
}

BOOST_AUTO_TEST_CASE(refuses_models_that_contradict_their_manifest) {
  const test::temp_dir dir;
  const auto models = published(dir, described);
  std::ofstream(models / "lightgcn/user_embeddings.csv", std::ios::app) << "another,1,2,3,4,5,6,7,8\n";
  const auto refused = continuation::read(models.string());
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().cause == fault::conflict);
  BOOST_TEST(refused.error().message.find("manifest.json: lightgcn/user_embeddings.csv: expected ") !=
                 std::string::npos,
             refused.error().message);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
