#include "tools/winnow-bench/synthetic_catalogue.hpp"

#include "tools/winnow-bench/topic_choice.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace winnow::bench {

namespace {

constexpr std::size_t topic_count = 200;
constexpr std::size_t shortest_history = 5, longest_history = 50;

std::vector<float> invent_features(const std::vector<std::uint32_t>& topics, random_source& random) {
  std::vector<std::uint32_t> category_codes(100), brand_codes(100);
  std::iota(category_codes.begin(), category_codes.end(), 0u);
  std::iota(brand_codes.begin(), brand_codes.end(), 0u);
  shuffle(category_codes, random);
  shuffle(brand_codes, random);
  const weighted_choice brands(zipf_weights(100, 1, 0.7));
  std::vector<float> features;
  for (const auto topic : topics) {
    const double price = std::min(std::exp(-4.0 + 0.9 * random.normal()), 1.0);
    const bool priced = random.uniform() >= 0.3;
    features.push_back(static_cast<float>(category_codes[topic % 100]) / 100);
    features.push_back(static_cast<float>(brand_codes[brands.draw(random)]) / 100);
    features.push_back(priced ? static_cast<float>(std::round(price * 1e6) / 1e6) : 0.0f);
  }
  return features;
}

std::size_t history_length(random_source& random) {
  const auto beyond = std::log(1 - random.uniform()) / std::log(1 - 0.07); // geometric
  return std::min(longest_history, shortest_history + static_cast<std::size_t>(beyond));
}

} // namespace

synthetic_catalogue invent_catalogue(std::size_t items, std::size_t width, random_source& random) {
  synthetic_catalogue made;
  made.width = width;
  made.ids = invent_item_ids(items, random);
  made.weights = zipf_weights(items, 10, 0.9);
  shuffle(made.weights, random);
  made.topic_shares = zipf_weights(topic_count, 1, 0.8);
  const weighted_choice topics(made.topic_shares);
  for (std::size_t item = 0; item < items; ++item)
    made.topics.push_back(topics.draw(random));
  std::vector<float> centres(topic_count * width);
  for (auto& value : centres)
    value = static_cast<float>(0.12 * random.normal());
  const double heaviest = *std::max_element(made.weights.begin(), made.weights.end());
  made.embeddings.reserve(items * width);
  for (std::size_t item = 0; item < items; ++item) {
    const double length = 0.6 + 0.9 * std::pow(made.weights[item] / heaviest, 0.25);
    const float* const centre = &centres[made.topics[item] * width];
    for (std::size_t k = 0; k < width; ++k)
      made.embeddings.push_back(static_cast<float>((centre[k] + 0.10 * random.normal()) * length));
  }
  made.features = invent_features(made.topics, random);
  return made;
}

synthetic_users invent_users(std::size_t users, const synthetic_catalogue& catalogue, random_source& random) {
  synthetic_users made;
  const std::size_t width = catalogue.width;
  made.ids = invent_user_ids(users, random);
  const topic_choice choice(catalogue);
  for (std::size_t user = 0; user < users; ++user) {
    const auto favourites = choice.draw_favourites(random);
    auto history = choice.draw_history(favourites, history_length(random), random);
    for (std::size_t k = 0; k < width; ++k) {
      double sum = 0;
      for (const auto item : history)
        sum += catalogue.embeddings[item * width + k];
      made.embeddings.push_back(
          static_cast<float>(1.3 * sum / static_cast<double>(history.size()) + 0.04 * random.normal()));
    }
    made.histories.push_back(std::move(history));
  }
  return made;
}

} // namespace winnow::bench
