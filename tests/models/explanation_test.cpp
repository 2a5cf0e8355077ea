#include "models/explanation.hpp"

#include "tests/models/ranking/random_models.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>

namespace {

using namespace winnow;
using namespace winnow::test;

constexpr std::uint32_t item_count = 100;

model_set random_models(std::mt19937& random) {
  std::uniform_real_distribution<float> uniform(-2, 2);
  auto features = std::make_shared<feature_table>(feature_table{3, std::vector<float>(item_count * 3)});
  for (auto& value : features->values.own())
    value = uniform(random);
  model_set models;
  models.din_features = std::move(features);
  models.din = std::make_shared<const din_model>(
      din_model::from_checkpoint(checkpoint("model.pth", random_din({}, random), {})).value());
  return models;
}

/// Returns a user who took these items in this order.
user_context user_of(std::vector<std::uint32_t> history) {
  user_context user;
  user.history = std::move(history);
  return user;
}

std::vector<std::uint32_t> items_from(std::uint32_t first, std::size_t count) {
  std::vector<std::uint32_t> items(count);
  std::iota(items.begin(), items.end(), first);
  return items;
}

/// Returns the attention weight of each history item for one candidate.
std::vector<float> weights_of(const model_set& models, std::uint32_t item,
                              gsl::span<const std::uint32_t> history) {
  din_model::scratch work;
  std::vector<float> weights(history.size());
  models.din->attend(*models.din_features, gsl::span<const std::uint32_t>(&item, 1), history, work, weights);
  return weights;
}

std::vector<attention_peak> explained(const model_set& models, const user_context& user,
                                      const std::vector<std::uint32_t>& items) {
  din_model::scratch work;
  return explain(models, user, items, work);
}

} // namespace

BOOST_AUTO_TEST_SUITE(explanation)

BOOST_AUTO_TEST_CASE(names_the_item_with_the_greatest_attention_weight) {
  std::mt19937 random(1);
  const auto models = random_models(random);
  const auto user = user_of(items_from(40, 30));
  const auto items = items_from(0, 20);
  const auto peaks = explained(models, user, items);
  BOOST_REQUIRE_EQUAL(peaks.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto weights = weights_of(models, items[i], user.history);
    const auto most = std::max_element(weights.begin(), weights.end());
    BOOST_CHECK_EQUAL(peaks[i].position, static_cast<std::size_t>(most - weights.begin()));
    BOOST_CHECK_EQUAL(peaks[i].weight, *most);
  }
}

BOOST_AUTO_TEST_CASE(names_only_items_that_attention_sees_of_a_long_history) {
  std::mt19937 random(2);
  const auto models = random_models(random);
  const auto recent = user_of(items_from(40, 50));
  auto whole = items_from(0, 30);
  whole.insert(whole.end(), recent.history.begin(), recent.history.end());
  const auto items = items_from(90, 10);
  const auto peaks = explained(models, user_of(whole), items);
  const auto expected = explained(models, recent, items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    BOOST_CHECK_EQUAL(peaks[i].position, 30 + expected[i].position);
    BOOST_CHECK_EQUAL(peaks[i].weight, expected[i].weight);
  }
}

BOOST_AUTO_TEST_CASE(adds_up_the_weights_of_a_repeated_item) {
  std::mt19937 random(3);
  const auto models = random_models(random);
  for (const auto& peak : explained(models, user_of({7, 7, 7, 7}), items_from(0, 20))) {
    BOOST_CHECK_EQUAL(peak.position, 3U);
    BOOST_CHECK_CLOSE(peak.weight, 1.0f, 1e-4);
    BOOST_CHECK_LE(peak.weight, 1.0f);
  }
}

BOOST_AUTO_TEST_CASE(keeps_unknown_items_separate) {
  std::mt19937 random(4);
  const auto models = random_models(random);
  const auto user = user_of({unknown_item, unknown_item});
  for (const auto& peak : explained(models, user, items_from(0, 20)))
    BOOST_CHECK_CLOSE(peak.weight, 0.5f, 1e-4);
}

BOOST_AUTO_TEST_CASE(is_empty_without_a_history_or_items) {
  std::mt19937 random(5);
  const auto models = random_models(random);
  BOOST_CHECK(explained(models, user_of({}), items_from(0, 20)).empty());
  BOOST_CHECK(explained(models, user_of({1, 2}), {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
