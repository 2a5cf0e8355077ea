#include "models/training/transition_counting.hpp"

#include "models/recall/sort_best.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace winnow {

namespace {

/// Instead of a weight of 0, so that every item that was met has a sum other than 0. Too little to change
/// the sum of any other weights.
constexpr float nothing = 1e-30f;
constexpr float least_sum = 1e-20f; ///< Sums of such weights alone are below.

/// Keeps the heaviest of many successors. Comparing them with each other would mispredict branches; so it
/// first drops most by a histogram of their logarithms.
class heaviest_choice {
public:
  explicit heaviest_choice(std::size_t most) : most_(most) {}

  /// Appends the heaviest entries to `into` in the order `ranks_before`. Changes `entries`.
  void take(std::vector<scored_item>& entries, std::vector<scored_item>& into) {
    if (entries.size() > most_)
      drop_light(entries);
    if (entries.size() > most_) {
      const auto end = entries.begin() + static_cast<std::ptrdiff_t>(most_);
      std::nth_element(entries.begin(), end, entries.end(), ranks_before);
      entries.erase(end, entries.end());
    }
    sort_best(entries, most_);
    into.insert(into.end(), entries.begin(), entries.end());
  }

private:
  /// An octave of positive numbers has 16 buckets.
  static std::size_t bucket_of(float score) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &score, sizeof bits);
    return bits >> 19U;
  }

  void drop_light(std::vector<scored_item>& entries) {
    for (const auto& entry : entries)
      ++histogram_[bucket_of(entry.score)];
    std::size_t least = histogram_.size(), heavier = 0;
    while (heavier < most_)
      heavier += histogram_[--least];
    histogram_.fill(0);
    std::size_t kept = 0;
    for (const auto entry : entries) {
      entries[kept] = entry;
      kept += static_cast<std::size_t>(bucket_of(entry.score) >= least);
    }
    entries.resize(kept);
  }

  std::size_t most_;
  std::array<std::uint32_t, 1U << 12U> histogram_{};
};

/// Sums up the transitions from one item after the other by `Lanes` rules at once, which takes hardly longer
/// than by one: most of the time goes into finding the place of a sum in memory.
template<class Number, std::size_t Lanes>
class successor_sums {
public:
  successor_sums(gsl::span<const std::uint32_t> sequence, std::size_t items,
                 gsl::span<const transition_rules> rules)
      : sequence_(sequence), end_of_history_(static_cast<std::uint32_t>(items)), sums_(items),
        touched_(items + 1), choice_(rules[0].most_successors), forward_(rules[0].reach),
        backward_(rules[0].reach) {
    for (std::size_t lane = 0; lane < Lanes; ++lane)
      for (std::size_t i = 0; i < forward_.size(); ++i) {
        const auto weight = std::pow(rules[lane].gap_decay, static_cast<double>(i));
        forward_[i][lane] = std::max<Number>(static_cast<Number>(weight), nothing);
        backward_[i][lane] = std::max<Number>(static_cast<Number>(rules[lane].backward * weight), nothing);
      }
  }

  /// Sums up the successors of the item that is at these places of the sequence.
  void add_all(std::uint32_t item, gsl::span<const std::uint64_t> places) {
    for (std::size_t at = 0; at < places.size(); ++at) {
      prefetch(places[std::min(at + places_ahead, places.size() - 1)]);
      const auto* const here = sequence_.data() + places[at];
      for (std::size_t i = 0; i < forward_.size(); ++i) {
        const auto next = here[i + 1];
        if (next == end_of_history_)
          break;
        add(item, next, forward_[i]);
      }
      for (std::size_t i = 0; i < backward_.size(); ++i) {
        const auto next = *(here - i - 1);
        if (next == end_of_history_)
          break;
        add(item, next, backward_[i]);
      }
    }
  }

  /// Appends the heaviest successors by one of the rules.
  void take_heaviest(std::size_t lane, std::vector<scored_item>& into) {
    entries_.resize(touched_count_);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < touched_count_; ++i) {
      const auto sum = static_cast<float>(sums_[touched_[i]][lane]);
      entries_[kept] = {touched_[i], sum};
      kept += static_cast<std::size_t>(sum >= least_sum);
    }
    entries_.resize(kept);
    choice_.take(entries_, into);
  }

  void clear() {
    for (std::size_t i = 0; i < touched_count_; ++i)
      sums_[touched_[i]] = {};
    touched_count_ = 0;
  }

private:
  using lanes = std::array<Number, Lanes>;
  static constexpr std::size_t places_ahead = 8;

  /// Has the neighbours of a place fetched, which would be waited for otherwise.
  void prefetch(std::uint64_t place) const {
    constexpr std::uint64_t line = 64 / sizeof(std::uint32_t);
    __builtin_prefetch(&sequence_[place - std::min(place, line)]);
    __builtin_prefetch(&sequence_[place]);
    __builtin_prefetch(&sequence_[std::min<std::uint64_t>(place + line, sequence_.size() - 1)]);
  }

  void add(std::uint32_t item, std::uint32_t next, const lanes& weights) {
    if (next == item)
      return;
    auto& sum = sums_[next];
    touched_[touched_count_] = next; // overwritten unless it is new: a branch would be mispredicted
    touched_count_ += static_cast<std::size_t>(sum[0] == 0);
    for (std::size_t lane = 0; lane < Lanes; ++lane)
      sum[lane] += weights[lane];
  }

  gsl::span<const std::uint32_t> sequence_;
  std::uint32_t end_of_history_;
  std::vector<lanes> sums_;            ///< By item; all 0 between two items.
  std::vector<std::uint32_t> touched_; ///< The items with a sum; one more place than items.
  std::size_t touched_count_ = 0;
  std::vector<scored_item> entries_;
  heaviest_choice choice_;
  std::vector<lanes> forward_, backward_; ///< By gap - 1.
};

} // namespace

transition_counter::transition_counter(const item_lists& histories, std::size_t item_count)
    : ends_(item_count + 1, 0), places_(histories.size()) {
  sequence_.reserve(histories.size() + histories.users() + 1);
  const auto end_of_history = static_cast<std::uint32_t>(item_count);
  sequence_.push_back(end_of_history);
  for (std::uint32_t user = 0; user < histories.users(); ++user) {
    for (const auto item : histories.of(user)) {
      ++ends_[item + 1];
      sequence_.push_back(item);
    }
    sequence_.push_back(end_of_history);
  }
  for (std::size_t item = 0; item < item_count; ++item)
    ends_[item + 1] += ends_[item];
  auto next = ends_;
  for (std::size_t place = 0; place < sequence_.size(); ++place)
    if (sequence_[place] != end_of_history)
      places_[next[sequence_[place]]++] = place;
}

transition_counts transition_counter::count(const transition_rules& rules, thread_team& team) const {
  return std::move(count_by<double, 1>({&rules, 1}, {}, team).front());
}

std::vector<transition_counts> transition_counter::count(gsl::span<const transition_rules> rules,
                                                         const std::vector<bool>& wanted,
                                                         thread_team& team) const {
  constexpr std::size_t lanes = 4;
  std::vector<transition_counts> all;
  for (std::size_t first = 0; first < rules.size(); first += lanes) {
    // The last rules are repeated in lanes that are left over.
    std::array<transition_rules, lanes> some;
    for (std::size_t lane = 0; lane < lanes; ++lane)
      some[lane] = rules[std::min(first + lane, rules.size() - 1)];
    auto counts = count_by<float, lanes>(some, wanted, team);
    counts.resize(std::min(lanes, rules.size() - first));
    std::move(counts.begin(), counts.end(), std::back_inserter(all));
  }
  return all;
}

template<class Number, std::size_t Lanes>
std::vector<transition_counts> transition_counter::count_by(gsl::span<const transition_rules> rules,
                                                            const std::vector<bool>& wanted,
                                                            thread_team& team) const {
  const auto item_count = ends_.size() - 1;
  // Ranges of items with about as many places each, several per thread. Each has its own row of sums.
  const auto ranges = 16 * team.size();
  std::vector<std::size_t> bounds{0};
  for (std::size_t range = 1; range < ranges; ++range)
    bounds.push_back(static_cast<std::size_t>(
        std::lower_bound(ends_.begin(), ends_.end() - 1, range * places_.size() / ranges) - ends_.begin()));
  bounds.push_back(item_count);
  std::vector<transition_counts> made(Lanes);
  for (auto& counts : made)
    counts.ends.resize(item_count + 1);
  using lists = std::array<std::vector<scored_item>, Lanes>;
  std::vector<lists> found(ranges);
  team.run(ranges, [&](std::size_t range) {
    successor_sums<Number, Lanes> sums(sequence_, item_count, rules);
    for (auto item = bounds[range]; item < bounds[range + 1]; ++item) {
      if (wanted.empty() || wanted[item])
        sums.add_all(static_cast<std::uint32_t>(item),
                     {places_.data() + ends_[item], static_cast<std::size_t>(ends_[item + 1] - ends_[item])});
      for (std::size_t lane = 0; lane < Lanes; ++lane) {
        sums.take_heaviest(lane, found[range][lane]);
        made[lane].ends[item + 1] = found[range][lane].size();
      }
      sums.clear();
    }
  });
  for (std::size_t lane = 0; lane < Lanes; ++lane)
    for (std::size_t range = 0; range < ranges; ++range) {
      for (auto item = bounds[range]; item < bounds[range + 1]; ++item)
        made[lane].ends[item + 1] += made[lane].successors.size();
      auto& list = found[range][lane];
      made[lane].successors.insert(made[lane].successors.end(), list.begin(), list.end());
      list = {};
    }
  return made;
}

transition_counts count_transitions(const item_lists& histories, std::size_t item_count,
                                    const transition_rules& rules, thread_team& team) {
  return transition_counter(histories, item_count).count(rules, team);
}

} // namespace winnow
