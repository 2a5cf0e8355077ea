#include "models/evaluation/evaluation.hpp"

#include "models/evaluation/evaluation_run.hpp"

#include <algorithm>

namespace winnow {

namespace {

bool knows_any(const catalogue& known, const id_table& items) {
  for (std::uint32_t item = 0; item < items.size(); ++item)
    if (known.find(items[item]))
      return true;
  return false;
}

} // namespace

result<evaluation> evaluate(const model_set& models, const interaction_split& split,
                            const evaluation_options& options) {
  const auto cases = test_cases(models, split, options.seed, options.most_users);
  if (cases.empty())
    return fail(fault::invalid_argument, "no user has a test item");
  if (!knows_any(models.items, split.items))
    return fail(fault::invalid_argument, "none of its items is in the catalogue of the models");
  thread_team team(options.threads);
  const baselines simple(known_training_items(models, split), models.items.size(), team);
  const std::size_t longest = *std::max_element(options.cutoffs.begin(), options.cutoffs.end());

  evaluation all;
  all.items = models.items.size();
  all.users = cases.size();
  all.users_with_test_items = split.test.users_with_items(std::numeric_limits<std::size_t>::max()).size();
  all.masks_validation = split.valid.size() > 0;
  all.widths = widths_for(options.widths, models.widths);
  evaluation_run runner(models, cases, simple, all.widths, longest);
  if (auto done = runner.run(options.threads); !done)
    return tl::unexpected(done.error());
  for (std::size_t at = 0; at < cases.size(); ++at) {
    const auto& one = cases[at];
    const auto& hits = runner.hits()[at];
    const auto share = [&](std::size_t found) {
      return static_cast<double>(found) / static_cast<double>(one.wanted_count) /
             static_cast<double>(cases.size());
    };
    all.users_without_embedding += one.user.user ? 0 : 1;
    all.test_items += one.wanted_count;
    all.unknown_test_items += one.wanted_count - one.wanted.size();
    all.candidate_recall += share(hits.candidates);
    all.candidate_hit_rate += (hits.candidates > 0 ? 1.0 : 0.0) / static_cast<double>(cases.size());
    all.lightgcn_recall += share(hits.lightgcn);
    if (models.transitions)
      all.transition_recall = all.transition_recall.value_or(0) + share(hits.transitions);
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
