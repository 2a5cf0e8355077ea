#include "models/training/measured_lists.hpp"

#include "models/list_metrics.hpp"
#include "models/recall/retrieval.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>

namespace winnow {

namespace {

/// The items of several lists of a user, ascending, each once.
std::vector<std::uint32_t> items_of(const std::vector<const item_lists*>& lists, std::size_t user) {
  std::vector<std::uint32_t> items;
  for (const auto* one : lists)
    if (user < one->users())
      items.insert(items.end(), one->of(user).begin(), one->of(user).end());
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

list_measure measure_list(const std::vector<scored_item>& list, gsl::span<const std::uint32_t> wanted) {
  if (wanted.empty() || list.empty())
    return {};
  std::vector<std::uint32_t> listed;
  listed.reserve(list.size());
  for (const auto& entry : list)
    listed.push_back(entry.item);
  std::vector<std::uint32_t> sought(wanted.begin(), wanted.end());
  std::sort(sought.begin(), sought.end());
  const auto hits = hit_positions(listed, sought);
  return {recall_at(hits, list.size(), wanted.size()), ndcg_at(hits, list.size(), wanted.size())};
}

} // namespace

list_measure measure_lists(const embedding_rows& embeddings, const item_lists& wanted,
                           const std::vector<const item_lists*>& masked, std::size_t k, thread_team& team,
                           std::size_t most) {
  const auto users = wanted.users();
  auto items = std::make_shared<feature_table>(feature_table{embeddings.width(), {}});
  for (std::size_t node = users; node < embeddings.rows(); ++node)
    items->values.own().insert(items->values.own().end(), embeddings.row(node),
                               embeddings.row(node) + items->width);
  const embedding_table table(std::move(items));
  const auto asking = wanted.users_with_items(most);
  std::vector<list_measure> measured(asking.size());
  constexpr std::size_t batch = 16;
  team.run_ranges(asking.size(), batch, [&](std::size_t first, std::size_t last) {
    retrieval_scratch work;
    std::vector<std::vector<std::uint32_t>> excluded;
    for (auto at = first; at < last; ++at)
      excluded.push_back(items_of(masked, asking[at]));
    std::vector<retrieval_query> queries;
    for (auto at = first; at < last; ++at)
      queries.push_back({{embeddings.row(asking[at]), embeddings.width()}, excluded[at - first], k});
    const auto best = retrieve(table, queries, work);
    for (auto at = first; at < last; ++at)
      measured[at] = measure_list(best[at - first].found(), wanted.of(asking[at]));
  });
  list_measure sum;
  for (const auto& one : measured) {
    sum.recall += one.recall;
    sum.ndcg += one.ndcg;
  }
  const double share = measured.empty() ? 0 : 1 / static_cast<double>(measured.size());
  return {sum.recall * share, sum.ndcg * share};
}

} // namespace winnow
