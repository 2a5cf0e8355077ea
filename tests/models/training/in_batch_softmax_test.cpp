#include "models/training/in_batch_softmax.hpp"

#include "models/training/support/random.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

namespace {

constexpr std::size_t users = 6, items = 8, width = 20;

item_lists some_lists() {
  const std::vector<std::vector<std::uint32_t>> taken = {{0, 1, 2}, {1, 3}, {2, 4, 5}, {0}, {5, 6}, {}};
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < taken.size(); ++user)
    for (const auto item : taken[user])
      pairs.push_back({user, item, 0});
  return item_lists::group(users, pairs);
}

/// Pairs as they are drawn, some of them twice.
std::vector<in_batch_softmax::pair> some_pairs(const item_lists& train, std::size_t count) {
  random_source random(5);
  std::vector<in_batch_softmax::pair> pairs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto user = random.below(users - 1);
    const auto taken = train.of(user);
    pairs.push_back({user, static_cast<std::uint32_t>(users) + taken[random.below(taken.size())]});
  }
  return pairs;
}

embedding_rows some_output() {
  random_source random(6);
  embedding_rows rows(users + items, width);
  for (std::size_t node = 0; node < rows.rows(); ++node)
    for (std::size_t k = 0; k < width; ++k)
      rows.row(node)[k] = static_cast<float>(0.5 * random.normal());
  return rows;
}

/// The definition, pair by pair.
double mean_loss(const item_lists& train, const std::vector<in_batch_softmax::pair>& pairs, std::size_t group,
                 const embedding_rows& output) {
  std::vector<double> probability(items, 0);
  for (std::size_t user = 0; user < users; ++user)
    for (const auto item : train.of(user))
      probability[item] += 1.0 / static_cast<double>(train.of(user).size()) / 5; // five users have items
  const auto score = [&](std::uint32_t user, std::uint32_t item) {
    double sum = -std::log(probability[item - users]);
    for (std::size_t k = 0; k < width; ++k)
      sum += static_cast<double>(output.row(user)[k]) * static_cast<double>(output.row(item)[k]);
    return sum;
  };
  double loss = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto taken = train.of(pairs[i].user);
    const double own = std::exp(score(pairs[i].user, pairs[i].item));
    double all = own;
    const auto first = i / group * group;
    for (auto j = first; j < std::min(pairs.size(), first + group); ++j)
      if (std::find(taken.begin(), taken.end(), pairs[j].item - users) == taken.end())
        all += std::exp(score(pairs[i].user, pairs[j].item));
    loss -= std::log(own / all);
  }
  return loss / static_cast<double>(pairs.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(in_batch_softmax_suite)

BOOST_AUTO_TEST_CASE(loss_and_gradient_follow_the_definition) {
  const auto train = some_lists();
  thread_team team(1);
  for (const std::size_t group : {2, 5, 16, 64}) // with 2, there are too many groups for one turn
    BOOST_TEST_CONTEXT("group " << group) {
      const auto pairs = some_pairs(train, 37);
      auto output = some_output();
      in_batch_softmax softmax(train, items, group, team);
      embedding_rows gradient(users + items, width);
      constexpr double scale = 0.25;
      BOOST_CHECK_CLOSE(softmax.add_gradients(pairs, output, scale, gradient),
                        mean_loss(train, pairs, group, output), 1e-3);
      for (std::size_t node = 0; node < users + items; ++node) {
        const float middle = output.row(node)[3];
        constexpr float nudge = 1.0f / 256;
        output.row(node)[3] = middle + nudge;
        const double more = mean_loss(train, pairs, group, output);
        output.row(node)[3] = middle - nudge;
        const double less = mean_loss(train, pairs, group, output);
        output.row(node)[3] = middle;
        BOOST_CHECK_SMALL(static_cast<double>(gradient.row(node)[3]) - scale * (more - less) / (2 * nudge),
                          1e-5);
      }
    }
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_bits) {
  const auto train = some_lists();
  const auto pairs = some_pairs(train, 100);
  const auto output = some_output();
  const auto gradient_with = [&](std::size_t threads) {
    thread_team team(threads);
    in_batch_softmax softmax(train, items, 2, team);
    embedding_rows gradient(users + items, width);
    softmax.add_gradients(pairs, output, 1, gradient);
    return gradient.values();
  };
  const auto alone = gradient_with(1);
  BOOST_CHECK(gradient_with(2) == alone);
  BOOST_CHECK(gradient_with(3) == alone);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
