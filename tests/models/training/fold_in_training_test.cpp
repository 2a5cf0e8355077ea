#include "models/recall/fold_in.hpp"

#include "models/cascade.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/lightgcn_trainer.hpp"
#include "tests/models/training/files.hpp"
#include "tests/models/training/train_program.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

/// With the history that LightGCN was trained on, folding in must give the trained vectors.
namespace winnow {

namespace {

std::shared_ptr<const feature_table> rows_of(const embedding_rows& all, std::size_t first, std::size_t last) {
  auto rows = std::make_shared<feature_table>(feature_table{all.width(), {}});
  for (auto row = first; row < last; ++row)
    rows->values.own().insert(rows->values.own().end(), all.row(row), all.row(row) + all.width());
  return rows;
}

double largest_difference(gsl::span<const float> a, gsl::span<const float> b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k)
    largest = std::max(largest, std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k])));
  return largest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fold_in_training_suite)

BOOST_AUTO_TEST_CASE(gives_the_trained_vectors_for_any_number_of_layers) {
  constexpr std::size_t users = 30, items = 20; // nobody takes item 19; user 29 takes nothing
  random_source random(3);
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user + 1 < users; ++user)
    for (std::uint32_t item = 0; item + 1 < items; ++item)
      if (random.below(3) == 0)
        pairs.push_back({user, item, 0});
  const auto train = item_lists::group(users, pairs);
  thread_team team(2);
  for (const std::size_t layers : {1, 2, 3, 4}) {
    lightgcn_options options;
    options.width = 20;
    options.layers = layers;
    lightgcn_trainer trainer(train, items, options, team);
    trainer.run_epoch();
    const auto trained = trainer.propagated();
    const auto rows = trainer.fold_in_rows(trainer.initial());
    const auto of_users = rows_of(rows, 0, users);
    const fold_in folding(rows_of(rows, users, users + items),
                          std::make_shared<const stored_rows>(of_users->width, of_users->values));
    std::vector<float> vector(*options.width);
    for (std::uint32_t user = 0; user + 1 < users; ++user) {
      BOOST_REQUIRE(folding.write_vector(user, train.of(user), vector)); // in ascending order
      BOOST_CHECK_SMALL(largest_difference(vector, {trained.row(user), *options.width}), 1e-6);
    }
    const std::vector<std::uint32_t> untaken = {items - 1};
    BOOST_CHECK(!folding.write_vector(0, untaken, vector));
  }
}

BOOST_FIXTURE_TEST_CASE(serves_the_trained_vectors_of_a_trained_directory, test::train_program) {
  const auto end = train("models");
  BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
  model_settings settings;
  settings.dir = in("models").string();
  const auto models = test::need(load_model_set(settings));
  BOOST_REQUIRE(models->folding);
  const auto base = test::need(load_float_table(in("models") / "lightgcn/user_fold_in.csv"));
  row_report report;
  const auto split =
      leave_one_out(test::need(read_interactions(test::small_shop() / "interactions.csv", {}, report)));

  std::vector<float> vector(models->item_embeddings.width()), room(vector.size());
  for (std::uint32_t user = 0; user < split.users.size(); ++user) {
    std::vector<std::string> profile;
    for (const auto item : split.train.of(user))
      profile.emplace_back(split.items[item]);
    const auto context = resolve_user(*models, split.users[user], profile);
    BOOST_REQUIRE(context.user);
    const auto trained = models->user_embedding(*context.user, room);
    user_vector(*models, context, vector);
    BOOST_CHECK_SMALL(largest_difference(vector, trained), 1e-4);

    user_vector(*models, resolve_user(*models, "nobody", profile), vector);
    for (std::size_t k = 0; k < vector.size(); ++k)
      vector[k] += base.values[*base.ids.find(split.users[user]) * base.width + k];
    BOOST_CHECK_SMALL(largest_difference(vector, trained), 1e-4);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
