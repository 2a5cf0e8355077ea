#include "tools/winnow-bench/synthetic_histories.hpp"

#include "tools/winnow-bench/synthetic_catalogue.hpp"
#include "tools/winnow-bench/weighted_choice.hpp"

namespace winnow::bench {

namespace {

constexpr std::size_t followers = 8;
constexpr std::uint32_t shortest_history = 5, longest_history = 95;

/// Draws items that follow each other.
class item_source {
public:
  item_source(std::size_t items, random_source& random)
      : random_(random), popular_(weights_of(items, random)) {
    for (std::size_t i = 0; i < items * followers; ++i)
      next_.push_back(popular_.draw(random));
  }

  std::uint32_t popular() { return popular_.draw(random_); }
  std::uint32_t after(std::uint32_t item) { return next_[item * followers + random_.below(followers)]; }

private:
  static weighted_choice weights_of(std::size_t items, random_source& random) {
    auto weights = zipf_weights(items, 10, 0.9);
    shuffle(weights, random);
    return weighted_choice(weights);
  }

  random_source& random_;
  weighted_choice popular_;
  std::vector<std::uint32_t> next_;
};

void invent_history(std::size_t length, item_source& source, random_source& random,
                    std::vector<std::uint32_t>& history) {
  history.clear();
  while (history.size() < length) {
    const bool follows = !history.empty() && random.uniform() < 0.5;
    const auto item = follows ? source.after(history.back()) : source.popular();
    if (std::find(history.begin(), history.end(), item) == history.end())
      history.push_back(item);
  }
}

} // namespace

interaction_split invent_histories(std::size_t interactions, std::size_t items, std::uint64_t seed) {
  random_source random(seed);
  interaction_split made;
  made.items = invent_item_ids(items, random);
  item_source source(items, random);
  std::vector<interaction> train, valid;
  train.reserve(interactions + longest_history);
  std::vector<std::uint32_t> history;
  std::uint32_t users = 0;
  for (; train.size() < interactions; ++users) {
    invent_history(shortest_history + random.below(longest_history - shortest_history + 1), source, random,
                   history);
    for (std::size_t at = 0; at + 1 < history.size(); ++at)
      train.push_back({users, history[at], 0});
    valid.push_back({users, history.back(), 0});
  }
  made.train = item_lists::group(users, train);
  made.valid = item_lists::group(users, valid);
  made.test = item_lists(users);
  return made;
}

} // namespace winnow::bench
