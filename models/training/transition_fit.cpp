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

/// Rules and scoring, the counts by these rules, and the validation items' NDCG.
struct setting {
  transition_rules rules;
  transition_scoring scoring;
  std::shared_ptr<const transition_counts> counts; ///< Of the search's sample.
  double ndcg = 0;
};

/// Measures settings by the validation items.
class search {
public:
  search(const interaction_split& data, const transition_fit_options& options, thread_team& team)
      : data_(data), options_(options), team_(team), users_(probed_users(data, options.most_users)),
        sample_(sample_of(data.train, options.most_interactions)),
        taken_(taken_counts(sample_, data.items.size())), counter_(sample_, data.items.size()),
        needed_(data.items.size()) {
    for (const auto user : users_) {
      const auto history = data_.train.of(user);
      for (const auto item : history.last(std::min(history.size(), options.scoring.history_length)))
        needed_[item] = true;
    }
  }

  bool possible() const { return !users_.empty(); }

  /// Counts by the rules of each setting.
  void count(std::vector<setting>& settings) const {
    std::vector<transition_rules> rules;
    for (const auto& one : settings)
      rules.push_back(one.rules);
    auto counts = counter_.count(rules, needed_, team_);
    for (std::size_t i = 0; i < settings.size(); ++i)
      settings[i].counts = std::make_shared<const transition_counts>(std::move(counts[i]));
  }

  /// Measures a setting that has been counted.
  double measure(const setting& one) const {
    const transition_table table(*one.counts, taken_, one.scoring);
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
  /// The best discounted gain among the user's validation items. Counts the items that rank before it: a list
  /// would have to be sorted.
  double gain_of(const transition_table& table, std::uint32_t user, transition_scratch& work) const {
    const auto history = data_.train.of(user);
    table.score(history, work);
    for (const auto item : history)
      work.scores[item] = 0;
    scored_item best;
    for (const auto item : data_.valid.of(user))
      if (const scored_item one{item, work.scores[item]}; ranks_before(one, best))
        best = one;
    if (best.score == 0)
      return 0;
    std::size_t place = 0;
    for (const auto item : work.touched)
      place += static_cast<std::size_t>(ranks_before({item, work.scores[item]}, best));
    return place < options_.list_length ? 1 / std::log2(static_cast<double>(place) + 2) : 0;
  }

  const interaction_split& data_;
  const transition_fit_options& options_;
  thread_team& team_;
  const std::vector<std::uint32_t> users_;
  const item_lists sample_;
  const std::vector<std::uint64_t> taken_;
  const transition_counter counter_;
  std::vector<bool> needed_; ///< By item: whether the score of a user depends on its successors.
};

/// A number of a setting and the values that are tried for it.
struct dial {
  std::function<double&(setting&)> at;
  std::vector<double> values;
  bool changes_counts = false;
};

std::vector<dial> dials() {
  return {
      {[](setting& all) -> double& { return all.scoring.history_decay; }, {0.3, 0.45, 0.6, 0.75, 0.85, 0.95}},
      {[](setting& all) -> double& { return all.scoring.popularity_exponent; }, {0, 0.125, 0.25, 0.375, 0.5}},
      {[](setting& all) -> double& { return all.rules.gap_decay; }, {0.4, 0.55, 0.7, 0.85, 0.95}, true},
      {[](setting& all) -> double& { return all.rules.backward; }, {0, 0.15, 0.3, 0.6, 1}, true}};
}

/// Tries the values of a dial. @return Whether one of them is better than `best`, which then has it.
bool turn(const dial& one, const search& by, setting& best) {
  std::vector<setting> tried;
  for (const auto value : one.values)
    if (auto other = best; std::exchange(one.at(other), value) != value)
      tried.push_back(std::move(other));
  if (one.changes_counts)
    by.count(tried);
  bool better = false;
  for (auto& other : tried) {
    other.ndcg = by.measure(other);
    if (other.ndcg <= best.ndcg)
      continue;
    best = std::move(other);
    better = true;
  }
  return better;
}

/// Counts all training items by the rules that were chosen.
transition_result counted_by(const setting& best, const interaction_split& data, thread_team& team,
                             training_observer& observer) {
  transition_result made{count_transitions(data.train, data.items.size(), best.rules, team), best.rules,
                         best.scoring, best.ndcg};
  char text[160];
  std::snprintf(text, sizeof text,
                "%zu transitions; gap decay %.2f, backward %.2f, history decay %.2f, exponent %.3f",
                made.counts.successors.size(), made.rules.gap_decay, made.rules.backward,
                made.scoring.history_decay, made.scoring.popularity_exponent);
  observer.end_stage(text);
  return made;
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
  setting best{options.rules, options.scoring, nullptr, 0};
  if (!options.searches) {
    observer.begin_stage("transitions", 0);
    return counted_by(best, data, team, observer);
  }
  search tried(data, options, team);
  const auto rounds = tried.possible() ? search_rounds : 0;
  observer.begin_stage("transitions", rounds);
  if (rounds > 0) {
    std::vector<setting> first{best};
    tried.count(first);
    best = first.front();
    best.ndcg = tried.measure(best);
  }
  const auto all = dials();
  std::size_t settled = 0; // how many dials in a row have their best value for those of all others
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (settled < all.size())
        settled = turn(all[i], tried, best) ? 1 : settled + 1;
      if (!observer.step(round + 1, i + 1, all.size()))
        return std::nullopt;
    }
    char text[60];
    std::snprintf(text, sizeof text, "validation ndcg@%zu %.4f", options.list_length, best.ndcg);
    observer.end_epoch(round + 1, 0, text);
  }
  return counted_by(best, data, team, observer);
}

} // namespace winnow
