#include "models/training/lightgcn_trainer.hpp"

#include "models/training/singular_vectors.hpp"
#include "tests/models/training/lists_of.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

namespace {

using test::lists_of;

using matrix = std::vector<std::vector<double>>;

matrix normalised_adjacency(const item_lists& train, std::size_t items) {
  const auto nodes = train.users() + items;
  matrix edges(nodes, std::vector<double>(nodes, 0));
  for (std::size_t user = 0; user < train.users(); ++user)
    for (const auto item : train.of(user))
      edges[user][train.users() + item] = edges[train.users() + item][user] = 1;
  std::vector<double> degree(nodes, 0);
  for (std::size_t a = 0; a < nodes; ++a)
    for (std::size_t b = 0; b < nodes; ++b)
      degree[a] += edges[a][b];
  for (std::size_t a = 0; a < nodes; ++a)
    for (std::size_t b = 0; b < nodes; ++b)
      if (edges[a][b] > 0)
        edges[a][b] = 1 / std::sqrt(degree[a] * degree[b]);
  return edges;
}

matrix product(const matrix& a, const matrix& b) {
  matrix out(a.size(), std::vector<double>(b.front().size(), 0));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j)
      for (std::size_t k = 0; k < b.front().size(); ++k)
        out[i][k] += a[i][j] * b[j][k];
  return out;
}

/// Computes (E + A E + … + A^L E) / (L + 1), layer by layer.
matrix layer_mean(const matrix& adjacency, const matrix& embeddings, std::size_t layers) {
  auto sum = embeddings, layer = embeddings;
  for (std::size_t i = 0; i < layers; ++i) {
    layer = product(adjacency, layer);
    for (std::size_t row = 0; row < sum.size(); ++row)
      for (std::size_t k = 0; k < sum[row].size(); ++k)
        sum[row][k] += layer[row][k];
  }
  for (auto& row : sum)
    for (auto& value : row)
      value /= static_cast<double>(layers + 1);
  return sum;
}

matrix matrix_of(const embedding_rows& rows) {
  matrix out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.emplace_back(rows.row(row), rows.row(row) + rows.width());
  return out;
}

/// The gradient of the first step: Adam's first moment is a tenth of it then.
matrix gradient_of_first_step(const lightgcn_trainer& trainer) {
  auto rows = trainer.initial();
  rows.values() = trainer.save().first;
  auto gradient = matrix_of(rows);
  for (auto& row : gradient)
    for (auto& value : row)
      value *= 10;
  return gradient;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k)
    sum += a[k] * b[k];
  return sum;
}

void check_close(const matrix& got, const matrix& wanted, double tolerance) {
  double largest = 0, difference = 0;
  for (std::size_t row = 0; row < wanted.size(); ++row)
    for (std::size_t k = 0; k < wanted[row].size(); ++k) {
      largest = std::max(largest, std::abs(wanted[row][k]));
      difference = std::max(difference, std::abs(got[row][k] - wanted[row][k]));
    }
  BOOST_CHECK_GT(largest, 0);
  BOOST_CHECK_LE(difference, tolerance * largest);
}

/// One user to learn from and one triple to draw; the other users took all items or none.
item_lists one_triple() {
  return lists_of({{0}, {0, 1}, {}, {1, 0}});
}

/// Two tastes: users and items below 20 belong together, and so do those from 20 on. A third of the pairs are
/// taken.
item_lists two_blocks(random_source& random) {
  std::vector<std::vector<std::uint32_t>> users(40);
  for (std::uint32_t user = 0; user < 40; ++user)
    for (std::uint32_t item = 0; item < 40; ++item)
      if (user / 20 == item / 20 && random.below(3) == 0)
        users[user].push_back(item);
  return lists_of(users);
}

lightgcn_options quick(pair_loss loss = pair_loss::bpr) {
  lightgcn_options options;
  options.loss = loss;
  options.group = 32;
  options.width = 20; // not a multiple of 16
  options.learning_rate = 0.02;
  options.batch = 100;
  return options;
}

const auto losses = boost::unit_test::data::make({pair_loss::bpr, pair_loss::softmax});

} // namespace

// For the tests that run with each loss.
std::ostream& operator<<(std::ostream& out, pair_loss loss) {
  return out << (loss == pair_loss::bpr ? "bpr" : "softmax");
}

BOOST_AUTO_TEST_SUITE(lightgcn_trainer_suite)

BOOST_AUTO_TEST_CASE(propagates_like_a_dense_computation) {
  random_source random(1);
  const auto train = two_blocks(random);
  thread_team team(2);
  for (const std::size_t layers : {0, 1, 2, 3, 4}) {
    auto options = quick();
    options.layers = layers;
    lightgcn_trainer trainer(train, 40, options, team);
    BOOST_TEST_CONTEXT("layers " << layers) {
      check_close(matrix_of(trainer.propagated()),
                  layer_mean(normalised_adjacency(train, 40), matrix_of(trainer.initial()), layers), 1e-5);
    }
  }
}

BOOST_AUTO_TEST_CASE(gradient_matches_a_dense_computation) {
  constexpr std::size_t users = 4, items = 2;
  const auto train = one_triple();
  thread_team team(2);
  for (const std::size_t layers : {0, 1, 2, 3}) {
    auto options = quick();
    options.layers = layers;
    options.l2 = 0.3;
    lightgcn_trainer trainer(train, items, options, team);
    const auto before = matrix_of(trainer.initial());
    const auto loss = trainer.run_epoch();
    BOOST_REQUIRE(loss);

    // All triples of the batch are equal: user 0 took item 0 and passed over item 1.
    const auto adjacency = normalised_adjacency(train, items);
    const auto out = layer_mean(adjacency, before, layers);
    const auto &u = out[0], &p = out[users], &n = out[users + 1];
    const double margin = dot(u, p) - dot(u, n), pull = 1 / (1 + std::exp(margin));
    matrix by_output(users + items, std::vector<double>(*options.width, 0));
    for (std::size_t k = 0; k < *options.width; ++k) {
      by_output[0][k] = -pull * (p[k] - n[k]);
      by_output[users][k] = -pull * u[k];
      by_output[users + 1][k] = pull * u[k];
    }
    auto wanted = layer_mean(adjacency, by_output, layers); // the backward pass is the same computation
    for (const auto node : {std::size_t{0}, users, users + 1})
      for (std::size_t k = 0; k < *options.width; ++k)
        wanted[node][k] += *options.l2 * before[node][k];
    BOOST_TEST_CONTEXT("layers " << layers) {
      BOOST_CHECK_CLOSE(*loss, std::log1p(std::exp(-margin)), 1e-3);
      check_close(gradient_of_first_step(trainer), wanted, 1e-4);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_gradient_is_the_slope_of_the_loss) {
  // Uses central differences, so that the trainer and the test above cannot share a mistake.
  constexpr std::size_t users = 4;
  const auto train = one_triple();
  thread_team team(1);
  auto options = quick();
  options.l2 = 0;
  lightgcn_trainer trainer(train, 2, options, team);
  const auto before = matrix_of(trainer.initial());
  trainer.run_epoch();
  const auto gradient = gradient_of_first_step(trainer);
  const auto adjacency = normalised_adjacency(train, 2);
  const auto loss_at = [&](const matrix& embeddings) {
    const auto out = layer_mean(adjacency, embeddings, options.layers);
    return std::log1p(std::exp(dot(out[0], out[users + 1]) - dot(out[0], out[users])));
  };
  for (std::size_t node = 0; node < before.size(); ++node) {
    auto more = before, less = before;
    constexpr double nudge = 1e-4;
    more[node][5] += nudge;
    less[node][5] -= nudge;
    BOOST_CHECK_SMALL(gradient[node][5] - (loss_at(more) - loss_at(less)) / (2 * nudge), 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(a_negative_is_never_an_item_that_the_user_took) {
  // Without propagation and L2, item i's gradient is (times as negative - times as positive) · pull · u. If a
  // taken item were drawn as a negative, the counts computed from the gradients would not be whole numbers.
  constexpr std::uint32_t items = 40, untaken = 17;
  std::vector<std::uint32_t> taken;
  for (std::uint32_t item = 0; item < items; ++item)
    if (item != untaken)
      taken.push_back(item);
  const auto train = lists_of({taken});
  thread_team team(1);
  auto options = quick();
  options.layers = 0;
  options.l2 = 0;
  lightgcn_trainer trainer(train, items, options, team);
  const auto before = matrix_of(trainer.initial());
  trainer.run_epoch();
  const auto gradient = gradient_of_first_step(trainer);
  const auto& u = before[0];
  double drawn = 0;
  for (const auto item : taken) {
    const double margin = dot(u, before[1 + item]) - dot(u, before[1 + untaken]);
    const double count =
        -dot(gradient[1 + item], u) / dot(u, u) * static_cast<double>(taken.size()) * (1 + std::exp(margin));
    BOOST_CHECK_SMALL(count - std::round(count), 1e-3);
    BOOST_CHECK_GE(std::round(count), 0);
    drawn += std::round(count);
  }
  BOOST_CHECK_EQUAL(drawn, static_cast<double>(taken.size()));
}

BOOST_DATA_TEST_CASE(recovers_planted_tastes, losses) {
  random_source random(3);
  const auto train = two_blocks(random);
  thread_team team(2);
  lightgcn_trainer trainer(train, 40, quick(sample), team);
  double first = 0, last = 0;
  for (int epoch = 0; epoch < 40; ++epoch)
    (epoch == 0 ? first : last) = *trainer.run_epoch();
  if (sample == pair_loss::bpr)
    BOOST_CHECK_LT(last, 0.5 * first);
  else // starts from a good place
    BOOST_CHECK_LT(last, first);
  const auto rows = matrix_of(trainer.propagated());
  std::size_t right = 0, pairs = 0;
  for (std::size_t user = 0; user < 40; ++user)
    for (std::size_t own = 0; own < 40; ++own)
      for (std::size_t other = 0; other < 40; ++other)
        if (own / 20 == user / 20 && other / 20 != user / 20) {
          ++pairs;
          right += dot(rows[user], rows[40 + own]) > dot(rows[user], rows[40 + other]) ? 1 : 0;
        }
  BOOST_CHECK_GT(static_cast<double>(right), 0.99 * static_cast<double>(pairs));
}

BOOST_DATA_TEST_CASE(any_number_of_threads_gives_the_same_bits, losses) {
  random_source random(4);
  const auto train = two_blocks(random);
  const auto trained = [&](std::size_t threads) {
    thread_team team(threads);
    lightgcn_trainer trainer(train, 40, quick(sample), team);
    for (int epoch = 0; epoch < 5; ++epoch)
      trainer.run_epoch();
    return trainer.propagated().values();
  };
  const auto alone = trained(1);
  BOOST_CHECK(trained(2) == alone);
  BOOST_CHECK(trained(3) == alone);
}

BOOST_DATA_TEST_CASE(resumes_from_a_saved_state_to_the_same_bits, losses) {
  random_source random(5);
  const auto train = two_blocks(random);
  thread_team team(1);
  const auto options = quick(sample);
  lightgcn_trainer whole(train, 40, options, team), begun(train, 40, options, team),
      resumed(train, 40, options, team);
  for (int epoch = 0; epoch < 6; ++epoch)
    whole.run_epoch();
  for (int epoch = 0; epoch < 2; ++epoch)
    begun.run_epoch();
  resumed.restore(begun.save());
  for (int epoch = 2; epoch < 6; ++epoch)
    resumed.run_epoch();
  BOOST_CHECK_EQUAL(resumed.epochs(), 6u);
  BOOST_CHECK(resumed.initial().values() == whole.initial().values());
}

BOOST_AUTO_TEST_CASE(goes_on_from_embeddings_as_if_no_step_was_taken) {
  random_source random(7);
  const auto train = two_blocks(random);
  thread_team team(1);
  const auto options = quick();
  lightgcn_trainer trained(train, 40, options, team), fresh(train, 40, options, team);
  const auto begin = trained.initial();
  for (int epoch = 0; epoch < 2; ++epoch)
    trained.run_epoch();
  trained.go_on_from(begin);
  auto state = fresh.save();
  state.epochs = 2; // draws what the third epoch draws
  fresh.restore(state);
  trained.run_epoch();
  fresh.run_epoch();
  BOOST_CHECK(trained.initial().values() == fresh.initial().values());
  BOOST_CHECK(trained.save().second == fresh.save().second);
}

BOOST_DATA_TEST_CASE(another_seed_gives_another_model, losses) {
  random_source random(6);
  const auto train = two_blocks(random);
  thread_team team(1);
  auto options = quick(sample);
  const lightgcn_trainer one(train, 40, options, team);
  options.seed += 1;
  const lightgcn_trainer other(train, 40, options, team);
  BOOST_CHECK(one.initial().values() != other.initial().values());
}

BOOST_DATA_TEST_CASE(takes_batches_of_any_size, losses) {
  random_source random(7);
  const auto train = two_blocks(random);
  thread_team team(2);
  for (const std::size_t batch :
       {std::size_t{1}, std::size_t{7}, train.size(), train.size() + 1, std::size_t{1} << 24U}) {
    auto options = quick(sample);
    options.batch = batch;
    lightgcn_trainer trainer(train, 40, options, team);
    std::size_t steps = 0, triples = 0;
    const auto loss = trainer.run_epoch([&](std::size_t done, std::size_t total) {
      BOOST_CHECK_EQUAL(total, train.size());
      triples = done;
      ++steps;
      return true;
    });
    BOOST_REQUIRE(loss);
    BOOST_CHECK(std::isfinite(*loss));
    BOOST_CHECK_EQUAL(triples, train.size());
    BOOST_CHECK_EQUAL(steps, (train.size() + batch - 1) / batch);
  }
}

BOOST_AUTO_TEST_CASE(users_without_training_items_or_negatives_do_not_move) {
  // Without propagation, only drawn users and items move.
  const auto train = lists_of({{0, 1}, {}, {0, 1, 2, 3}});
  thread_team team(1);
  auto options = quick();
  options.layers = 0;
  lightgcn_trainer trainer(train, 4, options, team);
  const auto before = trainer.initial();
  for (int epoch = 0; epoch < 20; ++epoch)
    BOOST_REQUIRE(trainer.run_epoch());
  const auto moved = [&](std::size_t node) {
    return !std::equal(before.row(node), before.row(node) + before.width(), trainer.initial().row(node));
  };
  BOOST_CHECK(moved(0));
  BOOST_CHECK(!moved(1));
  BOOST_CHECK(!moved(2));
  for (std::size_t item = 0; item < 4; ++item)
    BOOST_CHECK(moved(3 + item)); // items 2 and 3 as negatives
}

BOOST_AUTO_TEST_CASE(an_item_without_an_edge_keeps_a_share_of_its_own_embedding) {
  thread_team team(1);
  const auto train = lists_of({{0, 1}, {1}});
  lightgcn_trainer trainer(train, 3, quick(), team);
  for (int epoch = 0; epoch < 3; ++epoch)
    BOOST_REQUIRE(trainer.run_epoch());
  const auto out = trainer.propagated();
  for (std::size_t k = 0; k < out.width(); ++k) {
    BOOST_CHECK(std::isfinite(out.row(4)[k]));
    BOOST_CHECK_CLOSE(out.row(4)[k], trainer.initial().row(4)[k] / 4, 1e-3);
  }
}

BOOST_DATA_TEST_CASE(without_active_users_an_epoch_does_nothing, losses) {
  thread_team team(1);
  for (const auto& train : {lists_of({{}, {}}), lists_of({{0, 1}})}) {
    lightgcn_trainer trainer(train, 2, quick(sample), team);
    const auto before = trainer.initial().values();
    const auto loss = trainer.run_epoch();
    BOOST_REQUIRE(loss);
    BOOST_CHECK_EQUAL(*loss, 0);
    BOOST_CHECK(trainer.initial().values() == before);
  }
}

BOOST_AUTO_TEST_CASE(the_softmax_starts_from_the_singular_vectors) {
  random_source random(9);
  const auto train = two_blocks(random);
  for (const std::size_t layers : {0, 1, 3}) {
    thread_team team(2);
    auto options = quick(pair_loss::softmax);
    options.layers = layers;
    lightgcn_trainer trainer(train, 41, options, team); // nobody takes item 40
    const auto found =
        largest_singular_vectors(build_graph(train, 40, 41), *options.width, options.seed, team);
    auto wanted = matrix_of(found.rows);
    for (auto& row : wanted)
      for (std::size_t k = 0; k < *options.width; ++k)
        row[k] *= 0.3 * std::pow(40.0 * 41, 0.25) * found.values[k];
    const auto got = matrix_of(trainer.propagated());
    BOOST_TEST_CONTEXT("layers " << layers) {
      check_close(got, wanted, 0.1); // there is a little noise
      BOOST_CHECK(got.back() == std::vector<double>(*options.width, 0));
    }
  }
}

BOOST_AUTO_TEST_CASE(defaults_fit_the_loss_and_the_data) {
  const auto many = lists_of(
      std::vector<std::vector<std::uint32_t>>(100, std::vector<std::uint32_t>(10'000, 0))); // a million pairs
  const auto softmax = with_defaults({}, many, 40'000);
  BOOST_CHECK_EQUAL(*softmax.batch, 16384u);
  BOOST_CHECK_EQUAL(*softmax.width, 128u);
  BOOST_CHECK_CLOSE(*softmax.l2, 0.0014 * 2, 1e-6); // a quarter of all pairs
  BOOST_CHECK_EQUAL(*softmax.learning_rate, 0.01);
  lightgcn_options published;
  published.loss = pair_loss::bpr;
  published = with_defaults(published, many, 40'000);
  BOOST_CHECK_EQUAL(*published.width, 64u);
  BOOST_CHECK_EQUAL(*published.batch, 2048u);
  BOOST_CHECK_EQUAL(*published.l2, 1e-4);
  BOOST_CHECK_EQUAL(*published.learning_rate, 1e-3);
  BOOST_CHECK_EQUAL(*with_defaults({}, one_triple(), 2).width, 64u);
  BOOST_CHECK_EQUAL(*with_defaults({}, one_triple(), 2).batch, 2048u);
  BOOST_CHECK_EQUAL(*with_defaults({}, one_triple(), 2).learning_rate, 0.01);
  lightgcn_options chosen;
  chosen.width = 8;
  chosen.batch = 10;
  chosen.l2 = 0;
  chosen.learning_rate = 1;
  chosen = with_defaults(chosen, many, 40'000);
  BOOST_CHECK_EQUAL(*chosen.batch + *chosen.l2 + *chosen.learning_rate, 11);
  BOOST_CHECK_EQUAL(*chosen.width, 8u);
  chosen.start = std::make_shared<const embedding_rows>(3, 24);
  BOOST_CHECK_EQUAL(*with_defaults(chosen, many, 40'000).width, 24u);
}

BOOST_AUTO_TEST_CASE(short_rows_change_little) {
  random_source random(9);
  const auto train = two_blocks(random);
  thread_team team(2);
  const auto trained = [&](bool short_rows) {
    auto options = quick(pair_loss::softmax);
    options.short_rows = short_rows;
    lightgcn_trainer trainer(train, 40, options, team);
    BOOST_REQUIRE(trainer.run_epoch());
    return matrix_of(trainer.propagated());
  };
  const auto exact = trained(false), rounded = trained(true);
  BOOST_CHECK(rounded != exact);
  check_close(rounded, exact, 0.05);
}

BOOST_AUTO_TEST_CASE(stops_at_once_on_request) {
  random_source random(8);
  const auto train = two_blocks(random);
  thread_team team(1);
  lightgcn_trainer trainer(train, 40, quick(), team);
  std::size_t steps = 0;
  BOOST_CHECK(!trainer.run_epoch([&](std::size_t, std::size_t) { return ++steps < 2; }));
  BOOST_CHECK_EQUAL(steps, 2u);
  BOOST_CHECK_EQUAL(trainer.epochs(), 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
