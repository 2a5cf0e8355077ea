#include "models/training/transition_counting.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

/// A place in a user's history.
struct occurrence {
  std::uint32_t user = 0;
  std::uint32_t position = 0;
};

/// Where each item occurs, item by item.
struct occurrence_lists {
  occurrence_lists(const item_lists& histories, std::size_t item_count)
      : ends(item_count + 1, 0), all(histories.size()) {
    for (std::uint32_t user = 0; user < histories.users(); ++user)
      for (const auto item : histories.of(user))
        ++ends[item + 1];
    for (std::size_t item = 0; item < item_count; ++item)
      ends[item + 1] += ends[item];
    auto next = ends;
    for (std::uint32_t user = 0; user < histories.users(); ++user) {
      const auto history = histories.of(user);
      for (std::uint32_t at = 0; at < history.size(); ++at)
        all[next[history[at]]++] = {user, at};
    }
  }

  gsl::span<const occurrence> of(std::size_t item) const {
    return {all.data() + ends[item], static_cast<std::size_t>(ends[item + 1] - ends[item])};
  }

  std::vector<std::uint64_t> ends;
  std::vector<occurrence> all;
};

/// Sums up the transitions from one item after the other, and keeps the heaviest of each.
class successor_counter {
public:
  successor_counter(const item_lists& histories, const transition_rules& rules,
                    const std::vector<double>& forward)
      : histories_(histories), rules_(rules), forward_(forward) {}

  std::vector<scored_item> count(std::uint32_t item, gsl::span<const occurrence> places, std::size_t items) {
    weights_.resize(items);
    for (const auto& place : places)
      add_neighbours(item, place);
    std::vector<scored_item> found;
    found.reserve(touched_.size());
    for (const auto next : touched_) {
      found.push_back({next, static_cast<float>(weights_[next])});
      weights_[next] = 0;
    }
    touched_.clear();
    const auto kept = std::min(found.size(), rules_.most_successors);
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(kept);
    std::partial_sort(found.begin(), end, found.end(), ranks_before);
    found.erase(end, found.end());
    return found;
  }

private:
  void add_neighbours(std::uint32_t item, const occurrence& place) {
    const auto history = histories_.of(place.user);
    const std::size_t at = place.position;
    for (std::size_t gap = 1; gap <= rules_.reach; ++gap) {
      if (at + gap < history.size())
        add(item, history[at + gap], forward_[gap - 1]);
      if (at >= gap)
        add(item, history[at - gap], rules_.backward * forward_[gap - 1]);
    }
  }

  void add(std::uint32_t item, std::uint32_t next, double weight) {
    if (next == item || weight <= 0)
      return;
    if (weights_[next] == 0)
      touched_.push_back(next);
    weights_[next] += weight;
  }

  const item_lists& histories_;
  const transition_rules& rules_;
  const std::vector<double>& forward_; ///< By gap - 1.
  std::vector<double> weights_;        ///< By item; all 0 between two counts.
  std::vector<std::uint32_t> touched_;
};

} // namespace

transition_counts count_transitions(const item_lists& histories, std::size_t item_count,
                                    const transition_rules& rules, thread_team& team) {
  const occurrence_lists places(histories, item_count);
  std::vector<double> forward(rules.reach);
  for (std::size_t gap = 1; gap <= rules.reach; ++gap)
    forward[gap - 1] = std::pow(rules.gap_decay, static_cast<double>(gap - 1));
  std::vector<std::vector<scored_item>> lists(item_count);
  constexpr std::size_t grain = 256; // items that share one row of weights
  team.run_ranges(item_count, grain, [&](std::size_t first, std::size_t last) {
    successor_counter counter(histories, rules, forward);
    for (auto item = first; item < last; ++item)
      if (const auto of = places.of(item); !of.empty())
        lists[item] = counter.count(static_cast<std::uint32_t>(item), of, item_count);
  });
  transition_counts counts;
  counts.ends.resize(item_count + 1);
  for (std::size_t item = 0; item < item_count; ++item)
    counts.ends[item + 1] = counts.ends[item] + lists[item].size();
  counts.successors.reserve(counts.ends.back());
  for (auto& list : lists) {
    counts.successors.insert(counts.successors.end(), list.begin(), list.end());
    list = {};
  }
  return counts;
}

} // namespace winnow
