#include "models/training/order_fit.hpp"

#include "models/list_metrics.hpp"
#include "models/training/training_candidates.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace winnow {

namespace {

constexpr std::size_t most_users = 5'000;
constexpr std::size_t cutoff = 10;

/// Users with validation items, and the lists whose order is to be chosen.
struct probes {
  std::vector<std::uint32_t> users;
  std::vector<ranked_list> lists;
};

probes collect(const model_set& models, const item_lists& train, const item_lists& valid, thread_team& team) {
  probes all;
  all.users = validated_users(train, valid);
  if (const auto stride = (all.users.size() + most_users - 1) / most_users; stride > 1) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all.users.size(); i += stride)
      all.users[kept++] = all.users[i];
    all.users.resize(kept);
  }
  all.lists = candidates_for(models, train, all.users, models.widths.candidates, team);
  return all;
}

using scorer = std::function<float(const candidate_evidence&, double)>;

/// The mean NDCG of the validation items in lists that are ordered by `score` with this weight.
double measure(const probes& all, const item_lists& valid, double weight, const scorer& score) {
  double sum = 0;
  std::vector<std::uint32_t> order, items;
  for (std::size_t i = 0; i < all.users.size(); ++i) {
    const auto& list = all.lists[i];
    std::vector<float> scores;
    for (const auto& evidence : list.evidence)
      scores.push_back(score(evidence, weight));
    order.resize(scores.size());
    std::iota(order.begin(), order.end(), 0);
    const auto kept = std::min(cutoff, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](std::uint32_t a, std::uint32_t b) {
                        return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                      });
    items.clear();
    for (std::size_t at = 0; at < kept; ++at)
      items.push_back(list.items[order[at]].item);
    const auto of_user = valid.of(all.users[i]);
    std::vector<std::uint32_t> wanted(of_user.begin(), of_user.end());
    std::sort(wanted.begin(), wanted.end());
    sum += ndcg_at(hit_positions(items, wanted), cutoff, wanted.size());
  }
  return sum;
}

double best_weight(const probes& all, const item_lists& valid, std::initializer_list<double> weights,
                   const scorer& score) {
  double best = 0, best_sum = -1;
  for (const auto weight : weights)
    if (const auto sum = measure(all, valid, weight, score); sum > best_sum) {
      best = weight;
      best_sum = sum;
    }
  return best;
}

} // namespace

double fit_transition_weight(const model_set& models, const item_lists& train, const item_lists& valid,
                             thread_team& team) {
  const auto all = collect(models, train, valid, team);
  if (all.users.empty())
    return static_cast<double>(models.transition_weight);
  return best_weight(all, valid, {0, 0.25, 0.5, 1, 2, 4, 8, 16, 64},
                     [](const candidate_evidence& evidence, double weight) {
                       return fused_rank(evidence, static_cast<float>(weight));
                     });
}

result<double> fit_din_weight(const model_set& models, const item_lists& train, const item_lists& valid,
                              thread_team& team) {
  auto all = collect(models, train, valid, team);
  if (all.users.empty())
    return static_cast<double>(models.din_candidate_weight);
  std::vector<std::optional<error>> failed(all.users.size());
  team.run_ranges(all.users.size(), 16, [&](std::size_t first, std::size_t last) {
    cascade_scratch work;
    for (auto i = first; i < last; ++i) {
      const auto context = context_of(all.users[i], train.of(all.users[i]));
      const ranking_task task{&context, &all.lists[i]};
      auto ranked = rank_by_din(models, {&task, 1}, all.lists[i].items.size(), work);
      if (ranked.front())
        all.lists[i] = std::move(*ranked.front());
      else
        failed[i] = ranked.front().error();
    }
  });
  for (const auto& one : failed)
    if (one)
      return tl::unexpected(*one);
  return best_weight(all, valid, {0, 1, 2, 4, 8, 16, 32, 64, 128, 256},
                     [&](const candidate_evidence& evidence, double weight) {
                       return evidence.din_logit +
                              static_cast<float>(weight) * fused_rank(evidence, models.transition_weight);
                     });
}

} // namespace winnow
