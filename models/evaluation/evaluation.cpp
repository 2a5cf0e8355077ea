#include "models/evaluation/evaluation.hpp"

#include "models/cascade.hpp"
#include "models/evaluation/baselines.hpp"
#include "models/evaluation/test_case.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace winnow {

namespace {

constexpr std::size_t chunk_users =
    32; // as many as a batch of requests: the item table is streamed once for all

/// What one ranking gave, for all cases.
struct outcome {
  std::string name;
  std::vector<std::uint32_t> lists; // `longest` a case, `unknown_item` behind the end of a shorter list
  std::vector<float> positives, negatives; // one a test item, at the case's offset
};

using stage = std::vector<result<ranked_list>> (*)(const model_set&, gsl::span<const ranking_task>,
                                                   std::size_t, cascade_scratch&);

/// The test items and negatives of a case as if they were candidates of its request.
ranked_list probes_of(const model_set& models, const test_case& one, const ranked_list& candidates) {
  std::vector<float> vector(models.item_embeddings.width());
  user_vector(models, one.user, vector);
  const auto scale = scale_of(candidates.items);
  ranked_list probes{candidates.source, {}};
  const auto rank_of = [&](const scored_item& probe) {
    const auto& items = candidates.items;
    const bool scored = candidates.source != list_source::popular;
    const auto place = std::find_if(items.begin(), items.end(), [&](const scored_item& entry) {
      return entry.item == probe.item || (scored && entry.score < probe.score);
    });
    return static_cast<std::uint32_t>(place - items.begin());
  };
  for (const auto* part : {&one.wanted, &one.negatives})
    for (const auto item : *part) {
      probes.items.push_back({item, models.item_embeddings.dot(item, vector)});
      if (!models.stage_features.empty())
        probes.evidence.push_back(
            {scale.standard(probes.items.back().score), 0.0f, rank_of(probes.items.back())});
    }
  return probes;
}

void cut(ranked_list& list, std::size_t keep) {
  list.items.resize(std::min(keep, list.items.size()));
  list.evidence.resize(std::min(keep, list.evidence.size()));
}

/// Runs the chunks of cases; each writes its own places of the outcomes.
class evaluator {
public:
  evaluator(const model_set& models, const std::vector<test_case>& cases, const baselines& simple,
            const cascade_widths& widths, std::size_t longest)
      : models_(models), cases_(cases), simple_(simple), widths_(widths), longest_(longest) {
    for (const auto& one : cases) {
      offsets_.push_back(scored_);
      scored_ += std::min(one.wanted.size(), one.negatives.size());
    }
    candidate_hits_.resize(cases.size());
    // None is moved once the first chunk runs.
    popularity_ = add("popularity");
    cosine_ = add("item-item cosine");
    lightgcn_ = add("LightGCN");
    if (models.din)
      din_ = add("+ DIN");
    if (models.ranknet)
      ranknet_ = add("+ RankNet");
  }

  result<void> run(std::size_t threads) {
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

  const std::vector<outcome>& outcomes() const { return outcomes_; }
  const std::vector<std::size_t>& offsets() const { return offsets_; }
  const std::vector<std::size_t>& candidate_hits() const { return candidate_hits_; }

private:
  std::size_t add(const char* name) {
    outcomes_.push_back({name, std::vector<std::uint32_t>(cases_.size() * longest_, unknown_item),
                         std::vector<float>(scored_), std::vector<float>(scored_)});
    return outcomes_.size() - 1;
  }

  void note_list(std::size_t ranking, std::size_t at, const std::vector<scored_item>& list) {
    auto* out = outcomes_[ranking].lists.data() + at * longest_;
    for (std::size_t i = 0; i < std::min(longest_, list.size()); ++i)
      out[i] = list[i].item;
  }

  /// @param score Of an item of the catalogue.
  template<class Score>
  void note_scores(std::size_t ranking, std::size_t at, Score score) {
    const auto& one = cases_[at];
    for (std::size_t i = 0; i < std::min(one.wanted.size(), one.negatives.size()); ++i) {
      outcomes_[ranking].positives[offsets_[at] + i] = score(one.wanted[i]);
      outcomes_[ranking].negatives[offsets_[at] + i] = score(one.negatives[i]);
    }
  }

  void note_probes(std::size_t ranking, std::size_t at, const ranked_list& probes) {
    auto items = probes.items;
    const auto by_item = [](const scored_item& a, const scored_item& b) { return a.item < b.item; };
    std::sort(items.begin(), items.end(), by_item);
    note_scores(ranking, at, [&](std::uint32_t item) {
      return std::lower_bound(items.begin(), items.end(), scored_item{item, 0}, by_item)->score;
    });
  }

  void measure_baselines(std::size_t at, baselines::scratch& work) {
    const auto& user = cases_[at].user;
    note_list(popularity_, at, simple_.most_popular(user.excluded, longest_));
    note_scores(popularity_, at,
                [&](std::uint32_t item) { return static_cast<float>(simple_.takers()[item]); });
    simple_.score_by_cosine(user.excluded, work);
    note_list(cosine_, at, best_of_all(work.scores, user.excluded, longest_));
    note_scores(cosine_, at, [&](std::uint32_t item) { return work.scores[item]; });
  }

  /// Lists as the stage leaves them, for the cases from `first` on; all items are kept.
  result<std::vector<ranked_list>>
  ranked(stage rank, std::size_t first, const std::vector<ranked_list>& lists, cascade_scratch& work) const {
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

  /// Measures a ranker on the lists of the stage before, and leaves its own in their place.
  result<void> measure_ranker(std::size_t ranking, stage rank, std::size_t first,
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

  std::size_t hits_among(const ranked_list& candidates, const test_case& one) const {
    std::vector<std::uint32_t> items;
    for (const auto& entry : candidates.items)
      items.push_back(entry.item);
    return hit_positions(items, one.wanted).size();
  }

  result<void> measure(std::size_t first, std::size_t last) {
    cascade_scratch work;
    baselines::scratch simple_work;
    std::vector<const user_context*> users;
    for (std::size_t at = first; at < last; ++at)
      users.push_back(&cases_[at].user);
    auto lists = generate_candidates(models_, users, widths_.candidates, work);
    const auto longer = longest_ > widths_.candidates ? generate_candidates(models_, users, longest_, work)
                                                      : std::vector<ranked_list>();
    std::vector<ranked_list> probes;
    for (std::size_t at = first; at < last; ++at) {
      const auto& candidates = lists[at - first];
      measure_baselines(at, simple_work);
      note_list(lightgcn_, at, longer.empty() ? candidates.items : longer[at - first].items);
      candidate_hits_[at] = hits_among(candidates, cases_[at]);
      probes.push_back(probes_of(models_, cases_[at], candidates));
      note_probes(lightgcn_, at, probes.back());
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

  const model_set& models_;
  const std::vector<test_case>& cases_;
  const baselines& simple_;
  cascade_widths widths_;
  std::size_t longest_;
  std::size_t scored_ = 0;
  std::vector<std::size_t> offsets_; // of each case in the scores
  std::vector<std::size_t> candidate_hits_;
  std::vector<outcome> outcomes_;
  std::size_t popularity_ = 0, cosine_ = 0, lightgcn_ = 0, din_ = 0, ranknet_ = 0;
};

/// What all the lists of a ranking, cut after `k`, are worth.
list_quality quality_of_lists(const outcome& of, const std::vector<test_case>& cases, const baselines& simple,
                              std::size_t users, std::size_t longest, std::size_t k) {
  list_quality quality;
  quality.k = k;
  std::vector<double> recall, ndcg, hit_rate, reciprocal_rank, novelty;
  std::vector<bool> listed(simple.takers().size(), false);
  for (std::size_t at = 0; at < cases.size(); ++at) {
    const auto* begin = of.lists.data() + at * longest;
    const gsl::span<const std::uint32_t> list(begin, std::find(begin, begin + k, unknown_item));
    const auto hits = hit_positions(list, cases[at].wanted);
    recall.push_back(recall_at(hits, k, cases[at].wanted_count));
    ndcg.push_back(ndcg_at(hits, k, cases[at].wanted_count));
    hit_rate.push_back(hit_rate_at(hits, k));
    reciprocal_rank.push_back(reciprocal_rank_at(hits, k));
    for (const auto item : list) {
      listed[item] = true;
      novelty.push_back(self_information(simple.takers()[item], users));
    }
  }
  quality.recall = mean_of(recall).mean;
  quality.ndcg = mean_of(ndcg);
  quality.hit_rate = mean_of(hit_rate);
  quality.reciprocal_rank = mean_of(reciprocal_rank).mean;
  quality.coverage = static_cast<double>(std::count(listed.begin(), listed.end(), true)) /
                     static_cast<double>(listed.size());
  quality.novelty = mean_of(novelty).mean;
  return quality;
}

std::optional<score_quality> quality_of_scores(const outcome& of, const std::vector<std::size_t>& offsets) {
  const std::size_t count = of.positives.size();
  if (count == 0)
    return std::nullopt;
  double weighted = 0;
  for (std::size_t at = 0; at < offsets.size(); ++at) {
    const std::size_t size = (at + 1 < offsets.size() ? offsets[at + 1] : count) - offsets[at];
    if (size > 0)
      weighted += static_cast<double>(size) * area_under_curve({of.positives.data() + offsets[at], size},
                                                               {of.negatives.data() + offsets[at], size});
  }
  return score_quality{area_under_curve(of.positives, of.negatives), weighted / static_cast<double>(count)};
}

} // namespace

result<evaluation> evaluate(const model_set& models, const interaction_split& split,
                            const evaluation_options& options) {
  const auto cases = test_cases(models, split, options.seed);
  if (cases.empty())
    return fail(fault::invalid_argument, "no user has a test item");
  const baselines simple(known_training_items(models, split), models.items.size());
  const std::size_t longest = *std::max_element(options.cutoffs.begin(), options.cutoffs.end());

  evaluation all;
  all.items = models.items.size();
  all.users = cases.size();
  all.masks_validation = split.valid.size() > 0;
  all.widths = widths_for(options.widths, models.widths);
  evaluator runner(models, cases, simple, all.widths, longest);
  if (auto done = runner.run(options.threads); !done)
    return tl::unexpected(done.error());
  for (std::size_t at = 0; at < cases.size(); ++at) {
    const auto& one = cases[at];
    const auto hits = static_cast<double>(runner.candidate_hits()[at]);
    all.users_without_embedding += one.user.user ? 0 : 1;
    all.test_items += one.wanted_count;
    all.unknown_test_items += one.wanted_count - one.wanted.size();
    all.candidate_recall += hits / static_cast<double>(one.wanted_count) / static_cast<double>(cases.size());
    all.candidate_hit_rate += (hits > 0 ? 1.0 : 0.0) / static_cast<double>(cases.size());
  }
  for (const auto& of : runner.outcomes()) {
    ranking_quality ranking{of.name, {}, quality_of_scores(of, runner.offsets())};
    for (const auto k : options.cutoffs)
      ranking.lists.push_back(quality_of_lists(of, cases, simple, split.users.size(), longest, k));
    all.rankings.push_back(std::move(ranking));
  }
  return all;
}

} // namespace winnow
