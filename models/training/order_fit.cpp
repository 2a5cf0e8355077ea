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

/// By what a candidate is ordered.
using scorer = std::function<float(const candidate_evidence&)>;

/// The sum of the validation items' NDCG in lists that are ordered by `score`.
double measure(const probes& all, const item_lists& valid, const scorer& score) {
  double sum = 0;
  std::vector<std::uint32_t> order, items;
  for (std::size_t i = 0; i < all.users.size(); ++i) {
    const auto& list = all.lists[i];
    std::vector<float> scores;
    for (const auto& evidence : list.evidence)
      scores.push_back(score(evidence));
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

/// Returns the first of the choices with the greatest sum.
/// @param score_of Returns the scorer of a choice.
template<class Choice, class ScorerOf>
Choice best_of(const probes& all, const item_lists& valid, const std::vector<Choice>& choices,
               const ScorerOf& score_of) {
  Choice best{};
  double best_sum = -1;
  for (const auto& choice : choices)
    if (const auto sum = measure(all, valid, score_of(choice)); sum > best_sum) {
      best = choice;
      best_sum = sum;
    }
  return best;
}

std::vector<din_order_weights> din_order_choices() {
  std::vector<din_order_weights> choices;
  for (const float score : {0.0f, 0.5f, 1.0f, 2.0f, 4.0f, 8.0f, 16.0f})
    for (const float rank : {0.0f, 1.0f, 4.0f, 16.0f, 64.0f, 256.0f})
      choices.push_back({rank, score});
  return choices;
}

} // namespace

double fit_transition_weight(const model_set& models, const item_lists& train, const item_lists& valid,
                             thread_team& team) {
  const auto all = collect(models, train, valid, team);
  if (all.users.empty())
    return static_cast<double>(models.transition_weight);
  return best_of<double>(all, valid, {0, 0.25, 0.5, 1, 2, 4, 8, 16, 64}, [](double weight) {
    return [weight](const candidate_evidence& evidence) {
      return fused_rank(evidence, static_cast<float>(weight));
    };
  });
}

result<din_order_weights> fit_din_order(const model_set& models, const item_lists& train,
                                        const item_lists& valid, thread_team& team) {
  auto all = collect(models, train, valid, team);
  if (all.users.empty())
    return models.din_order;
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
  return best_of(all, valid, din_order_choices(), [&](const din_order_weights& weights) {
    return [&models, weights](const candidate_evidence& evidence) {
      return order_score(evidence, evidence.din_logit, models.transition_weight, weights);
    };
  });
}

} // namespace winnow
