#include "models/training/transition_fit.hpp"

#include "models/training/training_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>

namespace winnow {

namespace {

constexpr std::size_t search_rounds = 2;

/// The users whose validation items decide.
std::vector<std::uint32_t> probed_users(const interaction_split& data, std::size_t most) {
  auto all = validated_users(data.train, data.valid);
  if (all.size() <= most)
    return all;
  std::vector<std::uint32_t> some;
  for (std::size_t i = 0; i < most; ++i)
    some.push_back(all[i * all.size() / most]);
  return some;
}

/// Whole histories of evenly spread users, about `most` interactions together; all of them if there are no
/// more.
item_lists sample_of(const item_lists& lists, std::size_t most) {
  if (lists.size() <= most)
    return lists;
  const auto stride = (lists.size() + most - 1) / most;
  std::vector<interaction> kept;
  for (std::uint32_t user = 0; user < lists.users(); user += static_cast<std::uint32_t>(stride))
    for (const auto item : lists.of(user))
      kept.push_back({user, item, 0});
  return item_lists::group(lists.users(), kept);
}

/// Measures settings by the validation items. Keeps the counts of the rules that it counted last.
class search {
public:
  search(const interaction_split& data, const transition_fit_options& options, thread_team& team)
      : data_(data), options_(options), team_(team), users_(probed_users(data, options.most_users)),
        sample_(sample_of(data.train, options.most_interactions)),
        taken_(taken_counts(sample_, data.items.size())) {}

  bool possible() const { return !users_.empty(); }

  double measure(const transition_rules& rules, const transition_scoring& scoring) {
    if (!counts_ || rules.gap_decay != counted_.gap_decay || rules.backward != counted_.backward ||
        rules.reach != counted_.reach) {
      counts_ = count_transitions(sample_, data_.items.size(), rules, team_);
      counted_ = rules;
    }
    const transition_table table(*counts_, taken_, scoring);
    std::vector<double> gains(users_.size());
    team_.run_ranges(users_.size(), 64, [&](std::size_t first, std::size_t last) {
      transition_scratch work;
      for (auto i = first; i < last; ++i)
        gains[i] = gain_of(table, users_[i], work);
    });
    double sum = 0;
    for (const auto gain : gains)
      sum += gain;
    return sum / static_cast<double>(users_.size());
  }

private:
  /// The best discounted gain among the user's validation items.
  double gain_of(const transition_table& table, std::uint32_t user, transition_scratch& work) const {
    const auto history = data_.train.of(user);
    std::vector<std::uint32_t> excluded(history.begin(), history.end());
    std::sort(excluded.begin(), excluded.end());
    table.score(history, work);
    const auto list = transition_table::best(excluded, options_.list_length, work);
    const auto wanted = data_.valid.of(user);
    for (std::size_t place = 0; place < list.size(); ++place)
      if (std::find(wanted.begin(), wanted.end(), list[place].item) != wanted.end())
        return 1 / std::log2(static_cast<double>(place) + 2);
    return 0;
  }

  const interaction_split& data_;
  const transition_fit_options& options_;
  thread_team& team_;
  const std::vector<std::uint32_t> users_;
  const item_lists sample_;
  const std::vector<std::uint64_t> taken_;
  std::optional<transition_counts> counts_;
  transition_rules counted_;
};

/// A setting and the values that are tried for it.
struct dial {
  std::function<double&(transition_result&)> at;
  std::vector<double> values;
};

std::vector<dial> dials() {
  return {
      {[](transition_result& all) -> double& { return all.scoring.history_decay; },
       {0.3, 0.45, 0.6, 0.75, 0.85, 0.95}},
      {[](transition_result& all) -> double& { return all.scoring.popularity_exponent; },
       {0, 0.125, 0.25, 0.375, 0.5}},
      {[](transition_result& all) -> double& { return all.rules.gap_decay; }, {0.4, 0.55, 0.7, 0.85, 0.95}},
      {[](transition_result& all) -> double& { return all.rules.backward; }, {0, 0.15, 0.3, 0.6, 1}}};
}

} // namespace

std::vector<std::uint64_t> taken_counts(const item_lists& lists, std::size_t item_count) {
  std::vector<std::uint64_t> counts(item_count);
  for (std::size_t user = 0; user < lists.users(); ++user)
    for (const auto item : lists.of(user))
      ++counts[item];
  return counts;
}

std::optional<transition_result> fit_transitions(const interaction_split& data,
                                                 const transition_fit_options& options, thread_team& team,
                                                 training_observer& observer) {
  transition_result best;
  best.rules = options.rules;
  best.scoring = options.scoring;
  search tried(data, options, team);
  const auto rounds = tried.possible() ? search_rounds : 0;
  observer.begin_stage("transitions", rounds);
  const auto all = dials();
  if (rounds > 0)
    best.best_ndcg = tried.measure(best.rules, best.scoring);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const auto value : all[i].values) {
        auto other = best;
        if (std::exchange(all[i].at(other), value) == value)
          continue;
        other.best_ndcg = tried.measure(other.rules, other.scoring);
        if (other.best_ndcg > best.best_ndcg)
          best = other;
      }
      if (!observer.step(round + 1, i + 1, all.size()))
        return std::nullopt;
    }
    char text[60];
    std::snprintf(text, sizeof text, "validation ndcg@%zu %.4f", options.list_length, best.best_ndcg);
    observer.end_epoch(round + 1, 0, text);
  }
  best.counts = count_transitions(data.train, data.items.size(), best.rules, team);
  char text[160];
  std::snprintf(text, sizeof text,
                "%zu transitions; gap decay %.2f, backward %.2f, history decay %.2f, exponent %.3f",
                best.counts.successors.size(), best.rules.gap_decay, best.rules.backward,
                best.scoring.history_decay, best.scoring.popularity_exponent);
  observer.end_stage(text);
  return best;
}

} // namespace winnow
