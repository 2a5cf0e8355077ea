#include "models/candidate_merge.hpp"

#include "models/list_wishes.hpp"
#include "models/recall/sort_best.hpp"

#include <algorithm>

namespace winnow {

namespace {

struct candidate {
  scored_item entry;
  candidate_evidence evidence;
};

/// The transitions' best and, behind them, LightGCN's, up to `count`; each with its ranks in both sources.
std::vector<candidate> collect(const model_set& models, gsl::span<const float> vector,
                               const std::vector<scored_item>& followers,
                               const std::vector<scored_item>& lightgcn, std::size_t count,
                               merge_scratch& work) {
  std::vector<candidate> all;
  all.reserve(count);
  work.places.resize(models.items.size());
  for (std::uint32_t rank = 0; rank < followers.size(); ++rank) {
    candidate one;
    one.entry.item = followers[rank].item;
    one.evidence.transition_rank = rank;
    one.evidence.recall_rank = no_rank;
    work.places[one.entry.item] = rank + 1;
    all.push_back(one);
  }
  for (std::uint32_t rank = 0; rank < lightgcn.size(); ++rank) {
    const auto place = work.places[lightgcn[rank].item];
    if (place == 0 && all.size() >= count)
      continue;
    if (place == 0)
      all.emplace_back();
    auto& one = place == 0 ? all.back() : all[place - 1];
    one.entry = lightgcn[rank];
    one.evidence.recall_rank = rank;
  }
  for (const auto& follower : followers)
    work.places[follower.item] = 0;
  for (auto& one : all)
    if (one.evidence.recall_rank == no_rank)
      one.entry.score = models.item_embeddings.dot(one.entry.item, vector);
  return all;
}

/// Removes the scores of items that the user's wishes do not allow.
void drop_unwanted(const list_wishes& wishes, transition_scratch& work) {
  for (const auto item : work.touched)
    if (!wishes.allows(item))
      work.scores[item] = 0;
}

/// Removes the scores of withheld items.
void drop_withheld(const withheld_items& withheld, transition_scratch& work) {
  for (const auto item : work.touched)
    if (withheld.has(item))
      work.scores[item] = 0;
}

/// Scores by the last known item alone, relative to the best score.
void note_last(const model_set& models, const user_context& user, const learned_transitions* learned,
               merge_scratch& work) {
  const auto last = std::find_if(user.history.rbegin(), user.history.rend(),
                                 [](std::uint32_t item) { return item != unknown_item; });
  const auto history = last == user.history.rend() ? gsl::span<const std::uint32_t>()
                                                   : gsl::span<const std::uint32_t>(&*last, 1);
  models.transitions->score(history, work.last, learned);
  float largest = 0;
  for (const auto item : work.last.touched)
    largest = std::max(largest, work.last.scores[item]);
  for (const auto item : work.last.touched)
    work.last.scores[item] /= largest;
}

} // namespace

ranked_list merge_candidates(const model_set& models, const user_context& user, gsl::span<const float> vector,
                             const std::vector<scored_item>& lightgcn, std::size_t count, merge_scratch& work,
                             gsl::span<const std::uint32_t> excluded) {
  const auto* const learned = models.learned ? &models.learned->transitions : nullptr;
  note_last(models, user, learned, work);
  models.transitions->score(user.history, work.transitions, learned);
  if (models.withheld)
    drop_withheld(*models.withheld, work.transitions);
  if (user.wishes)
    drop_unwanted(*user.wishes, work.transitions);
  const auto followers =
      transition_table::best(excluded, std::min(count, models.transition_candidates), work.transitions);
  const auto all = collect(models, vector, followers, lightgcn, count, work);
  std::vector<scored_item> order(all.size()); // `item` is the candidate's position here
  for (std::uint32_t i = 0; i < all.size(); ++i)
    order[i] = {i, fused_rank(all[i].evidence, models.transition_weight)};
  sort_best(order, count);

  ranked_list merged{source_of(user), {}};
  merged.items.reserve(order.size());
  merged.evidence.reserve(order.size());
  for (const auto& place : order) {
    merged.items.push_back(all[place.item].entry);
    merged.evidence.push_back(all[place.item].evidence);
  }
  const auto scale = scale_of(merged.items);
  const float largest = followers.empty() ? 1.0f : followers.front().score;
  for (std::size_t i = 0; i < merged.items.size(); ++i) {
    auto& evidence = merged.evidence[i];
    evidence.lightgcn_score = scale.standard(merged.items[i].score);
    evidence.transition_score = work.transitions.scores[merged.items[i].item] / largest;
    evidence.last_transition = work.last.scores[merged.items[i].item];
  }
  return merged;
}

} // namespace winnow
