#include "models/evaluation/evaluation_run.hpp"

#include "models/list_metrics.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace winnow {

namespace {

/// As many users as a batch of requests, so that a chunk streams the item table once for all of them.
constexpr std::size_t chunk_users = 32;

void cut(ranked_list& list, std::size_t keep) {
  list.items.resize(std::min(keep, list.items.size()));
  list.evidence.resize(std::min(keep, list.evidence.size()));
}

std::size_t hits_among(const std::vector<scored_item>& candidates, const test_case& one) {
  std::vector<std::uint32_t> items;
  items.reserve(candidates.size());
  for (const auto& entry : candidates)
    items.push_back(entry.item);
  return hit_positions(items, one.wanted).size();
}

} // namespace

evaluation_run::evaluation_run(const model_set& models, const std::vector<test_case>& cases,
                               const baselines& simple, const cascade_widths& widths, std::size_t longest)
    : models_(models), cases_(cases), simple_(simple), widths_(widths), longest_(longest) {
  for (const auto& one : cases) {
    offsets_.push_back(scored_);
    scored_ += std::min(one.wanted.size(), one.negatives.size());
  }
  hits_.resize(cases.size());
  popularity_ = add("popularity");
  cosine_ = add("item-item cosine");
  baseline_transitions_ = add("item transitions");
  lightgcn_ = add("LightGCN");
  if (models.transitions)
    merged_ = add("+ transitions");
  if (models.din)
    din_ = add("+ DIN");
  if (models.ranknet)
    ranknet_ = add("+ RankNet");
}

result<void> evaluation_run::run(std::size_t threads) {
  const std::size_t chunks = (cases_.size() + chunk_users - 1) / chunk_users;
  std::vector<result<void>> done(chunks);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t chunk = next++; chunk < chunks; chunk = next++)
      done[chunk] = measure(chunk * chunk_users, std::min((chunk + 1) * chunk_users, cases_.size()));
  };
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min(threads, chunks); ++i)
    helpers.emplace_back(work);
  work();
  for (auto& helper : helpers)
    helper.join();
  const auto failed = std::find_if(done.begin(), done.end(), [](const auto& one) { return !one; });
  return failed == done.end() ? result<void>() : *failed;
}

std::size_t evaluation_run::add(const char* name) {
  outcomes_.push_back({name, std::vector<std::uint32_t>(cases_.size() * longest_, unknown_item),
                       std::vector<float>(scored_), std::vector<float>(scored_)});
  return outcomes_.size() - 1;
}

void evaluation_run::note_list(std::size_t ranking, std::size_t at, const std::vector<scored_item>& list) {
  auto* out = outcomes_[ranking].lists.data() + at * longest_;
  for (std::size_t i = 0; i < std::min(longest_, list.size()); ++i)
    out[i] = list[i].item;
}

template<class Score>
void evaluation_run::note_scores(std::size_t ranking, std::size_t at, Score score) {
  const auto& one = cases_[at];
  for (std::size_t i = 0; i < std::min(one.wanted.size(), one.negatives.size()); ++i) {
    outcomes_[ranking].positives[offsets_[at] + i] = score(one.wanted[i]);
    outcomes_[ranking].negatives[offsets_[at] + i] = score(one.negatives[i]);
  }
}

void evaluation_run::note_probes(std::size_t ranking, std::size_t at, const ranked_list& probes) {
  auto items = probes.items;
  const auto by_item = [](const scored_item& a, const scored_item& b) { return a.item < b.item; };
  std::sort(items.begin(), items.end(), by_item);
  note_scores(ranking, at, [&](std::uint32_t item) {
    return std::lower_bound(items.begin(), items.end(), scored_item{item, 0}, by_item)->score;
  });
}

result<void> evaluation_run::measure(std::size_t first, std::size_t last) {
  cascade_scratch work;
  baselines::scratch simple_work;
  std::vector<const user_context*> users;
  for (std::size_t at = first; at < last; ++at)
    users.push_back(&cases_[at].user);
  auto lists = generate_candidates(models_, users, widths_.candidates, work);
  const bool is_alone = !models_.transitions && longest_ <= widths_.candidates;
  const auto by_lightgcn = is_alone
                               ? lists
                               : generate_candidates(models_, users, std::max(longest_, widths_.candidates),
                                                     work, nullptr, candidate_sources::lightgcn);
  const auto longer = models_.transitions && longest_ > widths_.candidates
                          ? generate_candidates(models_, users, longest_, work)
                          : std::vector<ranked_list>();
  std::vector<ranked_list> probes;
  for (std::size_t at = first; at < last; ++at) {
    const auto& candidates = lists[at - first];
    measure_baselines(at, simple_work);
    auto alone = by_lightgcn[at - first].items;
    note_list(lightgcn_, at, alone);
    alone.resize(std::min(alone.size(), widths_.candidates));
    hits_[at].lightgcn = hits_among(alone, cases_[at]);
    hits_[at].candidates = hits_among(candidates.items, cases_[at]);
    probes.push_back(probes_of(models_, cases_[at], candidates));
    note_probes(lightgcn_, at, probes.back());
    if (models_.transitions) {
      note_list(merged_, at, longer.empty() ? candidates.items : longer[at - first].items);
      measure_transitions(at, work.merge.transitions);
    }
  }
  if (models_.din)
    if (auto done = measure_ranker(din_, rank_by_din, first, lists, probes, work); !done)
      return done;
  for (auto& list : lists)
    cut(list, widths_.din_keep);
  if (models_.ranknet)
    return measure_ranker(ranknet_, rank_by_ranknet, first, lists, probes, work);
  return {};
}

void evaluation_run::measure_baselines(std::size_t at, baselines::scratch& work) {
  const auto& user = cases_[at].user;
  note_list(popularity_, at, simple_.most_popular(user.excluded, longest_));
  note_scores(popularity_, at,
              [&](std::uint32_t item) { return static_cast<float>(simple_.takers()[item]); });
  simple_.score_by_cosine(user.excluded, work);
  note_list(cosine_, at, best_of_all(work.scores, user.excluded, longest_));
  note_scores(cosine_, at, [&](std::uint32_t item) { return work.scores[item]; });
  const auto& transitions = simple_.transitions();
  transitions.score(user.history, work.transitions);
  note_list(baseline_transitions_, at, transition_table::best(user.excluded, longest_, work.transitions));
  note_scores(baseline_transitions_, at, [&](std::uint32_t item) { return work.transitions.scores[item]; });
}

/// Notes how many test items the transitions alone would find, and their scores: the merged order has ranks,
/// of candidates only.
void evaluation_run::measure_transitions(std::size_t at, transition_scratch& work) {
  const auto& one = cases_[at];
  models_.transitions->score(one.user.history, work);
  hits_[at].transitions =
      hits_among(transition_table::best(one.user.excluded, widths_.candidates, work), one);
  note_scores(merged_, at, [&](std::uint32_t item) { return work.scores[item]; });
}

result<void> evaluation_run::measure_ranker(std::size_t ranking, stage rank, std::size_t first,
                                            std::vector<ranked_list>& lists, std::vector<ranked_list>& probes,
                                            cascade_scratch& work) {
  for (auto* one : {&lists, &probes}) {
    auto after = ranked(rank, first, *one, work);
    if (!after)
      return tl::unexpected(after.error());
    *one = std::move(*after);
  }
  for (std::size_t i = 0; i < lists.size(); ++i) {
    note_list(ranking, first + i, lists[i].items);
    note_probes(ranking, first + i, probes[i]);
  }
  return {};
}

result<std::vector<ranked_list>> evaluation_run::ranked(stage rank, std::size_t first,
                                                        const std::vector<ranked_list>& lists,
                                                        cascade_scratch& work) const {
  std::vector<ranking_task> tasks;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    tasks.push_back({&cases_[first + i].user, &lists[i]});
    longest = std::max(longest, lists[i].items.size());
  }
  std::vector<ranked_list> after;
  for (auto& list : rank(models_, tasks, longest, work)) {
    if (!list)
      return tl::unexpected(list.error());
    after.push_back(std::move(*list));
  }
  return after;
}

} // namespace winnow
