#pragma once

#include "models/catalogue/feature_table.hpp"

#include <cmath>
#include <memory>
#include <random>
#include <vector>

namespace winnow::test {

/// Item embeddings in clusters of unequal sizes, of varying lengths, and users who like two clusters each.
/// Always generates the same data.
struct clustered_shop {
  static constexpr std::size_t width = 32, topics = 40;

  std::shared_ptr<feature_table> items;
  std::vector<float> users;

  clustered_shop(std::size_t item_count, std::size_t user_count)
      : items(std::make_shared<feature_table>(feature_table{width, {}})) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<float> uniform;
    std::vector<float> centres(topics * width);
    for (auto& value : centres)
      value = normal(random);
    const auto topic = [&] {
      const float drawn = uniform(random);
      return static_cast<std::size_t>(drawn * drawn * topics) % topics;
    };
    for (std::size_t item = 0; item < item_count; ++item) {
      const float length = 0.6f + 0.9f * std::pow(uniform(random), 8.0f);
      const float* const centre = &centres[topic() * width];
      for (std::size_t k = 0; k < width; ++k)
        items->values.own().push_back(length * (centre[k] + 0.7f * normal(random)));
    }
    for (std::size_t user = 0; user < user_count; ++user) {
      const float *const one = &centres[topic() * width], *const other = &centres[topic() * width];
      for (std::size_t k = 0; k < width; ++k)
        users.push_back(one[k] + 0.5f * other[k] + 0.3f * normal(random));
    }
  }

  gsl::span<const float> user(std::size_t at) const { return {users.data() + at * width, width}; }
};

} // namespace winnow::test
