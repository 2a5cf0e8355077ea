#include "models/evaluation/evaluation.hpp"

#include "models/evaluation/evaluation_run.hpp"

#include <algorithm>

namespace winnow {

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
  evaluation_run runner(models, cases, simple, all.widths, longest);
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
