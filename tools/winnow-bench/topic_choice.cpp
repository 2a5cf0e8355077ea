#include "tools/winnow-bench/topic_choice.hpp"

#include <algorithm>

namespace winnow::bench {

topic_choice::topic_choice(const synthetic_catalogue& catalogue)
    : by_popularity_(catalogue.weights), topics_(catalogue.topic_shares) {
  std::vector<std::vector<std::uint32_t>> items(catalogue.topic_shares.size());
  for (std::uint32_t item = 0; item < catalogue.topics.size(); ++item)
    items[catalogue.topics[item]].push_back(item);
  for (auto& members : items) {
    std::vector<double> weights;
    weights.reserve(members.size());
    for (const auto item : members)
      weights.push_back(catalogue.weights[item]);
    by_topic_.push_back({std::move(members), weighted_choice(weights)});
  }
}

topic_choice::favourites topic_choice::draw_favourites(random_source& random) const {
  return {topics_.draw(random), topics_.draw(random), topics_.draw(random)};
}

std::vector<std::uint32_t> topic_choice::draw_history(const favourites& of, std::size_t length,
                                                      random_source& random) const {
  constexpr std::size_t least_attempts = 170;
  const auto attempts = std::max(least_attempts, 3 * length);
  std::vector<std::uint32_t> history;
  for (std::size_t attempt = 0; history.size() < length && attempt < attempts; ++attempt) {
    const auto& topic = by_topic_[of[random.below(static_cast<std::uint32_t>(of.size()))]];
    const bool favourite = random.uniform() < 0.7 && !topic.items.empty();
    const auto item = favourite ? topic.items[topic.choice.draw(random)] : by_popularity_.draw(random);
    if (std::find(history.begin(), history.end(), item) == history.end())
      history.push_back(item);
  }
  return history;
}

} // namespace winnow::bench
