#include "models/gate/version_comparison.hpp"

#include "models/cascade.hpp"
#include "models/drift/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <unordered_set>

namespace winnow {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t compared_items = 20;
constexpr std::size_t batch_size = 16;

/// Of this thread, so that other work on the machine does not count.
std::chrono::nanoseconds computed_so_far() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// A profile without its newest item.
struct replayed_profile {
  std::string_view user_id;
  gsl::span<const std::string> history;
  std::string_view newest; ///< Empty: there is none, or the history has it already.
};

replayed_profile without_newest(const recent_profile& of) {
  const auto& items = *of.items;
  if (items.size() < 2)
    return {of.user_id, items, {}};
  const auto before = gsl::span<const std::string>(items).first(items.size() - 1);
  const bool is_new = std::find(before.begin(), before.end(), items.back()) == before.end();
  return {of.user_id, before, is_new ? std::string_view(items.back()) : std::string_view()};
}

/// The list of one profile by one version.
struct replayed_list {
  std::vector<std::string_view> items; ///< The first 20.
  std::vector<float> scores;           ///< Of these.
  bool is_short = false, is_popular = false;
};

/// Runs one version, and remembers what concerns all of its lists.
class replay {
public:
  replay(const model_set& models, const cascade_settings& cascade)
      : models_(models), widths_(widths_for(cascade, models.widths)) {}

  result<std::vector<replayed_list>> run(gsl::span<const replayed_profile> batch) {
    const auto begin = computed_so_far();
    std::vector<user_context> users;
    std::vector<const user_context*> pointers;
    for (const auto& one : batch)
      users.push_back(resolve_user(models_, one.user_id, one.history));
    for (const auto& one : users)
      pointers.push_back(&one);
    const auto candidates = generate_candidates(models_, pointers, widths_.candidates, work_);
    auto by_din = ranked(users, candidates, widths_.din_keep, rank_by_din);
    if (!by_din)
      return tl::unexpected(by_din.error());
    auto final = ranked(users, *by_din, widths_.ranknet_keep, rank_by_ranknet);
    if (!final)
      return tl::unexpected(final.error());
    outcome_.time += computed_so_far() - begin;
    std::vector<replayed_list> lists;
    for (std::size_t i = 0; i < batch.size(); ++i)
      lists.push_back(note((*final)[i], candidates[i].source, batch[i]));
    return lists;
  }

  replayed_version outcome() const {
    auto all = outcome_;
    all.different_items = seen_.size();
    return all;
  }

private:
  using stage = std::vector<result<ranked_list>> (*)(const model_set&, gsl::span<const ranking_task>,
                                                     std::size_t, cascade_scratch&);

  result<std::vector<ranked_list>> ranked(const std::vector<user_context>& users,
                                          const std::vector<ranked_list>& candidates, std::size_t keep,
                                          stage rank) {
    std::vector<ranking_task> tasks;
    for (std::size_t i = 0; i < users.size(); ++i)
      tasks.push_back({&users[i], &candidates[i]});
    std::vector<ranked_list> lists;
    for (auto& list : rank(models_, tasks, keep, work_)) {
      if (!list)
        return tl::unexpected(list.error());
      lists.push_back(std::move(*list));
    }
    return lists;
  }

  replayed_list note(const ranked_list& from, list_source source, const replayed_profile& of) {
    replayed_list list;
    list.is_short = from.items.size() < std::min(widths_.ranknet_keep, models_.items.size());
    list.is_popular = source == list_source::popular;
    for (const auto& entry : from.items) {
      if (list.items.size() == compared_items)
        break;
      list.items.push_back(models_.items[entry.item]);
      list.scores.push_back(entry.score);
      seen_.insert(entry.item);
    }
    outcome_.short_lists += list.is_short ? 1 : 0;
    outcome_.popular_lists += list.is_popular ? 1 : 0;
    if (!of.newest.empty() && std::find(list.items.begin(), list.items.end(), of.newest) != list.items.end())
      ++outcome_.hits;
    return list;
  }

  const model_set& models_;
  const cascade_widths widths_;
  cascade_scratch work_;
  replayed_version outcome_;
  std::unordered_set<std::uint32_t> seen_;
};

double overlap_of(const replayed_list& a, const replayed_list& b) {
  const auto longest = std::max(a.items.size(), b.items.size());
  if (longest == 0)
    return 1;
  const auto both = std::count_if(a.items.begin(), a.items.end(), [&](std::string_view item) {
    return std::find(b.items.begin(), b.items.end(), item) != b.items.end();
  });
  return static_cast<double>(both) / static_cast<double>(longest);
}

/// Population stability index of `actual` in the tenths of `expected`.
double shift_of(std::vector<float> expected, const std::vector<float>& actual) {
  if (expected.empty() || actual.empty())
    return 0;
  const auto reference = make_reference("score", std::move(expected));
  std::vector<double> counts(reference.shares.size(), 0.0);
  for (const auto value : actual)
    counts[reference.bin_of(value)] += 1;
  return stability_index(reference.shares, counts);
}

std::string text_of(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

double ratio(double a, double b) {
  return b > 0 ? a / b : 1;
}

} // namespace

result<version_comparison> compare_versions(const model_set& in_force, const model_set& candidate,
                                            const std::vector<recent_profile>& profiles,
                                            const comparison_limits& limits) {
  const auto begin = clock::now();
  replay before(in_force, limits.cascade), after(candidate, limits.cascade);
  version_comparison compared;
  compared.times_compare = (in_force.index->current() == nullptr) == (candidate.index->current() == nullptr);
  std::vector<float> expected, actual;
  double overlaps = 0;
  for (std::size_t from = 0; from < profiles.size() && clock::now() - begin < limits.most_time;
       from += batch_size) {
    std::vector<replayed_profile> batch;
    for (std::size_t i = from; i < std::min(from + batch_size, profiles.size()); ++i)
      batch.push_back(without_newest(profiles[i]));
    const auto old_lists = before.run(batch);
    if (!old_lists)
      return fail("the version in force", old_lists.error());
    const auto new_lists = after.run(batch);
    if (!new_lists)
      return tl::unexpected(new_lists.error());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto &one = (*old_lists)[i], &other = (*new_lists)[i];
      overlaps += overlap_of(one, other);
      expected.insert(expected.end(), one.scores.begin(), one.scores.end());
      actual.insert(actual.end(), other.scores.begin(), other.scores.end());
      compared.with_newest += batch[i].newest.empty() ? 0 : 1;
    }
    compared.profiles += batch.size();
  }
  compared.in_force = before.outcome();
  compared.candidate = after.outcome();
  compared.overlap = compared.profiles == 0 ? 1 : overlaps / static_cast<double>(compared.profiles);
  compared.shift = shift_of(std::move(expected), actual);
  return compared;
}

std::vector<std::string> objections(const version_comparison& compared, const gate_settings& bounds) {
  std::vector<std::string> found;
  if (compared.profiles < least_replayed_profiles)
    return found;
  const auto object = [&](const char* what, double figure, const char* expected, double bound) {
    found.push_back(std::string(what) + ": expected " + expected + " " + text_of(bound) + ", got " +
                    text_of(figure));
  };
  const auto profiles = static_cast<double>(compared.profiles);
  const auto &old = compared.in_force, &now = compared.candidate;
  if (compared.overlap < bounds.least_overlap)
    object("overlap of the lists", compared.overlap, "at least", bounds.least_overlap);
  const auto hits = static_cast<double>(now.hits);
  const double doubt = 2 * std::sqrt(hits + 1); // two standard deviations of the count
  if (hits + doubt < bounds.least_hits * static_cast<double>(old.hits))
    object("found newest items, relative to the version in force", ratio(hits, static_cast<double>(old.hits)),
           "at least", bounds.least_hits);
  const double coverage =
      ratio(static_cast<double>(now.different_items), static_cast<double>(old.different_items));
  if (coverage < bounds.least_coverage)
    object("different items, relative to the version in force", coverage, "at least", bounds.least_coverage);
  const auto poor = [&](const replayed_version& of) {
    return static_cast<double>(std::max(of.short_lists, of.popular_lists)) / profiles;
  };
  if (bounds.most_short > 0 && poor(now) - poor(old) > bounds.most_short)
    object("share of short or popular lists, more than the version in force has", poor(now) - poor(old),
           "at most", bounds.most_short);
  const double time = ratio(static_cast<double>(now.time.count()), static_cast<double>(old.time.count()));
  if (bounds.most_time > 0 && compared.times_compare && time > bounds.most_time)
    object("computing time, relative to the version in force", time, "at most", bounds.most_time);
  if (bounds.most_shift > 0 && compared.shift > bounds.most_shift)
    object("shift of the scores", compared.shift, "at most", bounds.most_shift);
  return found;
}

} // namespace winnow
