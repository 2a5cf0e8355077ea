#include "models/narrowed_candidates.hpp"

#include "models/candidate_merge.hpp"
#include "models/item_search.hpp"
#include "models/kernels/recall_kernels.hpp"
#include "models/list_wishes.hpp"
#include "models/popular_items.hpp"
#include "models/recall/sort_best.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

// So many rows are scored one by one in about the time of one search of a large catalogue.
constexpr std::size_t few_rows = 20'000;
// A search asks for this many times as many items as it needs on average.
constexpr double surplus = 1.5;

bool is_in(gsl::span<const std::uint32_t> sorted, std::uint32_t item) {
  return std::binary_search(sorted.begin(), sorted.end(), item);
}

/// The most popular of the items that the wishes allow. @param left_out Ascending.
std::vector<scored_item> popular_ones(const model_set& models, const list_wishes& wishes, std::size_t count,
                                      gsl::span<const std::uint32_t> left_out) {
  return popular_items(models, count,
                       [&](std::uint32_t item) { return wishes.allows(item) && !is_in(left_out, item); });
}

void remove_unwanted(const model_set& models, const item_choice* allowed, std::vector<scored_item>& found) {
  found.erase(std::remove_if(found.begin(), found.end(),
                             [&](const scored_item& one) {
                               return models.is_withheld(one.item) ||
                                      (allowed != nullptr && !allowed->allows(one.item));
                             }),
              found.end());
}

/// Sets the scores of items, and leaves out those that have none.
void score(const model_set& models, gsl::span<const float> user, std::vector<scored_item>& items) {
  constexpr std::size_t together = 1024;
  std::vector<const float*> rows(std::min(items.size(), together));
  std::vector<float> scores(rows.size());
  for (std::size_t first = 0; first < items.size(); first += together) {
    const auto count = std::min(together, items.size() - first);
    auto* const some = items.data() + first;
    for (std::size_t i = 0; i < count; ++i)
      rows[i] = models.item_embeddings.row(some[i].item).data();
    kernels::multiply_rows(user.data(), user.size(), rows.data(), count, scores.data());
    for (std::size_t i = 0; i < count; ++i)
      some[i].score = scores[i];
  }
  items.erase(std::remove_if(items.begin(), items.end(),
                             [](const scored_item& one) { return !std::isfinite(one.score); }),
              items.end());
}

/// Scores every allowed item.
std::vector<scored_item> best_of_all(const model_set& models, const item_choice* allowed,
                                     const retrieval_query& query) {
  std::vector<scored_item> found;
  const auto offer = [&](std::uint32_t item) {
    if (!is_in(query.excluded, item) && !models.is_withheld(item))
      found.push_back({item, 0.0f});
  };
  if (allowed != nullptr)
    for (const auto item : allowed->items())
      offer(item);
  else
    for (std::uint32_t item = 0; item < models.items.size(); ++item)
      offer(item);
  score(models, query.user, found);
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(query.count, found.size()));
  std::partial_sort(found.begin(), end, found.end(), ranks_before);
  found.erase(end, found.end());
  return found;
}

} // namespace

std::vector<scored_item> best_allowed(const model_set& models, const item_choice* allowed,
                                      const retrieval_query& query, cascade_scratch& work) {
  const item_search_scratch buffers{work.retrieval, work.index, work.adopted};
  if (allowed == nullptr && !models.withheld)
    return search_items(models, {&query, 1}, buffers, nullptr).front();
  const auto catalogue = models.items.size();
  const auto left = allowed != nullptr ? allowed->count() : catalogue - models.withheld->count();
  const double share = static_cast<double>(left) / static_cast<double>(catalogue);
  auto wider = query;
  for (double count = static_cast<double>(query.count) * surplus / std::max(share, 1e-9);
       left > few_rows && count < static_cast<double>(catalogue) / 8; count *= 4) {
    wider.count = static_cast<std::size_t>(count);
    auto found = search_items(models, {&wider, 1}, buffers, nullptr).front();
    remove_unwanted(models, allowed, found);
    if (found.size() >= query.count) {
      found.resize(query.count);
      return found;
    }
  }
  return best_of_all(models, allowed, query);
}

std::vector<std::uint32_t> left_out_of(const user_context& user) {
  const auto& wishes = *user.wishes;
  if (!wishes.leaves_history_out)
    return wishes.excluded;
  std::vector<std::uint32_t> both;
  std::set_union(user.excluded.begin(), user.excluded.end(), wishes.excluded.begin(), wishes.excluded.end(),
                 std::back_inserter(both));
  return both;
}

std::size_t widened(const model_set& models, const item_choice* allowed, std::size_t count) {
  if (allowed == nullptr)
    return models.withheld ? models.withheld->widened(count) : count;
  const auto all = static_cast<double>(models.items.size());
  const double share = static_cast<double>(std::max<std::size_t>(allowed->count(), 1)) / all;
  return static_cast<std::size_t>(std::min(static_cast<double>(count) * surplus / share + 1, all));
}

std::vector<scored_item> first_allowed(const model_set& models, const item_choice* allowed,
                                       std::vector<scored_item> found, retrieval_query query,
                                       std::size_t count, cascade_scratch& work) {
  const bool found_all = found.size() < query.count;
  remove_unwanted(models, allowed, found);
  if (found.size() >= count || found_all) {
    found.resize(std::min(found.size(), count));
    return found;
  }
  query.count = count;
  return best_allowed(models, allowed, query, work);
}

ranked_list narrowed_candidates(const model_set& models, const user_context& user, std::size_t count,
                                cascade_scratch& work) {
  const auto& wishes = *user.wishes;
  if (source_of(user) == list_source::popular)
    return {list_source::popular, popular_ones(models, wishes, count, {})};
  std::vector<float> vector(models.item_embeddings.width());
  user_vector(models, user, vector);
  const auto excluded = left_out_of(user);
  const auto best = best_allowed(models, wishes.allowed.get(), {vector, excluded, count}, work);
  if (models.transitions)
    return merge_candidates(models, user, vector, best, count, work.merge, excluded);
  return {source_of(user), best};
}

ranked_list further_candidates(const model_set& models, const user_context& user, const ranked_list& known,
                               std::size_t count, cascade_scratch& work) {
  const auto& wishes = *user.wishes;
  auto left_out = left_out_of(user);
  for (const auto& entry : known.items)
    left_out.push_back(entry.item);
  std::sort(left_out.begin(), left_out.end());
  auto all = known;
  std::vector<scored_item> further;
  if (known.source == list_source::popular) {
    further = popular_ones(models, wishes, count, left_out);
  } else {
    std::vector<float> vector(models.item_embeddings.width());
    user_vector(models, user, vector);
    further = best_allowed(models, wishes.allowed.get(), {vector, left_out, count}, work);
  }
  for (const auto& entry : further) {
    all.items.push_back(entry);
    if (known.evidence.empty())
      continue;
    candidate_evidence evidence;
    evidence.recall_rank = static_cast<std::uint32_t>(all.evidence.size());
    all.evidence.push_back(evidence);
  }
  return all;
}

} // namespace winnow
