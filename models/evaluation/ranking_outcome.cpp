#include "models/evaluation/ranking_outcome.hpp"

#include <algorithm>

namespace winnow {

list_quality quality_of_lists(const ranking_outcome& of, const std::vector<test_case>& cases,
                              const baselines& simple, std::size_t users, std::size_t longest,
                              std::size_t k) {
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

std::optional<score_quality> quality_of_scores(const ranking_outcome& of,
                                               const std::vector<std::size_t>& offsets) {
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

} // namespace winnow
