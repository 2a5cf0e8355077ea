#include "tests/models/training/networks/torch_gradients.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

/// Compares the backward passes of the rankers with LibTorch's, on random networks and batches.
namespace winnow {

namespace {

class draw {
public:
  explicit draw(std::uint64_t seed) : random_(seed) {}

  float number() { return static_cast<float>(random_.normal()); }
  std::uint32_t below(std::size_t bound) { return random_.below(bound); }
  std::vector<float> numbers(std::size_t count) {
    std::vector<float> all(count);
    std::generate(all.begin(), all.end(), [&] { return number(); });
    return all;
  }
  std::vector<std::uint32_t> items(std::size_t count, std::size_t bound) {
    std::vector<std::uint32_t> all(count);
    std::generate(all.begin(), all.end(), [&] { return below(bound); });
    return all;
  }
  column_scale scale(std::size_t width) {
    column_scale made;
    for (std::size_t k = 0; k < width; ++k)
      made.append(number(), 0.5f + std::abs(number()));
    return made;
  }

private:
  random_source random_;
};

/// Sets weights like those of a trained network: biases are not zero.
void move_away_from_start(const std::vector<parameter*>& parameters, draw& any) {
  for (auto* one : parameters)
    for (auto& value : one->value)
      value += 0.1f * any.number();
}

/// Checks that each parameter's gradient is correct to a thousandth of the largest.
void check_gradients(const std::vector<parameter*>& parameters, const test::torch_loss& wanted) {
  BOOST_REQUIRE_EQUAL(parameters.size(), wanted.gradients.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& got = parameters[i]->gradient;
    const auto& right = wanted.gradients[i];
    BOOST_REQUIRE_EQUAL(got.size(), right.size());
    double largest = 0, difference = 0;
    for (std::size_t k = 0; k < got.size(); ++k) {
      largest = std::max(largest, std::abs(right[k]));
      difference = std::max(difference, std::abs(got[k] - right[k]));
    }
    // Equal shifts of all scores do not change the losses, so the gradient of the last bias is 0.
    const bool is_last = i + 1 == parameters.size();
    BOOST_TEST_CONTEXT("parameter " << i) {
      BOOST_CHECK_EQUAL(largest > 1e-9, !is_last && !got.empty());
      BOOST_CHECK_LE(difference, 1e-3 * largest + 1e-6);
    }
  }
}

/// DIN groups that share items among candidates, among histories, and between both.
struct din_batch {
  din_batch(draw& any, std::size_t groups, std::size_t items) {
    for (std::size_t g = 0; g < groups; ++g) {
      constexpr std::size_t lengths[] = {1, 2, 7, 50};
      histories.push_back(any.items(lengths[g % 4], items));
      candidates.push_back(any.items(2 + g % 5, items));
    }
    for (std::size_t g = 0; g < groups; ++g)
      all.push_back({histories[g], candidates[g]});
  }

  std::vector<std::vector<std::uint32_t>> histories, candidates;
  std::vector<ranking_group> all;
};

} // namespace

BOOST_AUTO_TEST_SUITE(network_gradients)

BOOST_AUTO_TEST_CASE(din_gradients_match_libtorch) {
  for (const std::size_t id_width : {3, 0})
    for (const std::size_t threads : {1, 3}) {
      draw any(7 + id_width);
      constexpr std::size_t items = 40;
      const feature_table fixed{5, any.numbers(5 * items)};
      const auto scale = any.scale(5);
      thread_team team(threads);
      const din_shape shape{id_width, 16, 32, {12, 6}, 0.5};
      din_network network(fixed, scale, items, shape, 11, team);
      const auto parameters = network.parameters();
      move_away_from_start(parameters, any);
      const din_batch batch(any, 37, items);
      const double loss = network.accumulate(batch.all, false);
      const auto wanted = test::din_loss(parameters, fixed, scale, batch.all);
      BOOST_TEST_CONTEXT("id width " << id_width << ", threads " << threads) {
        BOOST_CHECK_CLOSE(loss, wanted.value, 1e-3);
        check_gradients(parameters, wanted);
      }
    }
}

BOOST_AUTO_TEST_CASE(din_gradients_of_items_outside_the_batch_are_zero) {
  draw any(3);
  const feature_table fixed{2, any.numbers(2 * 10)};
  thread_team team(1);
  din_network network(fixed, any.scale(2), 10, {4, 16, 16, {8}, 0}, 1, team);
  const std::vector<std::uint32_t> history = {1, 2}, candidates = {3, 4};
  const ranking_group group{history, candidates};
  network.accumulate({&group, 1}, false);
  const auto& gradient = network.id_vectors().gradient;
  for (std::size_t item = 0; item < 10; ++item) {
    const bool moves = std::any_of(gradient.begin() + static_cast<std::ptrdiff_t>(4 * item),
                                   gradient.begin() + static_cast<std::ptrdiff_t>(4 * item + 4),
                                   [](float value) { return value != 0; });
    BOOST_CHECK_EQUAL(moves, item >= 1 && item <= 4);
  }
}

BOOST_AUTO_TEST_CASE(ranknet_gradients_match_libtorch) {
  for (const std::size_t threads : {1, 3}) {
    draw any(5);
    constexpr std::size_t user_width = 6, feature_width = 9, groups = 23;
    const auto user_scale = any.scale(user_width), feature_scale = any.scale(feature_width);
    std::vector<std::vector<float>> users, rows;
    std::vector<ranknet_group> batch;
    for (std::size_t g = 0; g < groups; ++g) {
      users.push_back(any.numbers(user_width));
      rows.push_back(any.numbers(feature_width * (2 + g % 7)));
    }
    for (std::size_t g = 0; g < groups; ++g)
      batch.push_back({users[g], rows[g]});
    thread_team team(threads);
    ranknet_network network({user_width, feature_width, 8, {10, 7}, 0.5}, user_scale, feature_scale, 2, team);
    const auto parameters = network.parameters();
    move_away_from_start(parameters, any);
    const double loss = network.accumulate(batch, false);
    const auto wanted = test::ranknet_loss(parameters, user_scale, feature_scale, batch);
    BOOST_TEST_CONTEXT("threads " << threads) {
      BOOST_CHECK_CLOSE(loss, wanted.value, 1e-3);
      check_gradients(parameters, wanted);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_step_lowers_the_loss) {
  draw any(9);
  const feature_table fixed{3, any.numbers(3 * 30)};
  thread_team team(2);
  din_network network(fixed, any.scale(3), 30, {4, 16, 16, {16}, 0.1}, 1, team);
  const din_batch batch(any, 20, 30);
  const double before = network.accumulate(batch.all, false);
  for (auto* one : network.parameters())
    std::fill(one->gradient.begin(), one->gradient.end(), 0.0f);
  for (int step = 0; step < 30; ++step)
    network.step(batch.all, {1e-2, 0});
  BOOST_CHECK_LT(network.accumulate(batch.all, false), 0.5 * before);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
