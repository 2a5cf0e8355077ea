#include "models/item_search.hpp"

#include "models/recall/recall_index.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Merges the best of the adopted items into a list of trained ones. Both are best first.
void merge_adopted(std::vector<scored_item>& list, const std::vector<scored_item>& adopted,
                   std::uint32_t first_adopted, std::size_t count) {
  const auto trained = static_cast<std::ptrdiff_t>(list.size());
  for (const auto& entry : adopted)
    list.push_back({first_adopted + entry.item, entry.score});
  std::inplace_merge(list.begin(), list.begin() + trained, list.end(), ranks_before);
  list.resize(std::min(list.size(), count));
}

/// Returns those of the excluded items that are adopted, as rows of their table.
std::vector<std::uint32_t> adopted_rows(gsl::span<const std::uint32_t> excluded,
                                        std::uint32_t first_adopted) {
  std::vector<std::uint32_t> rows;
  for (auto item = std::lower_bound(excluded.begin(), excluded.end(), first_adopted); item != excluded.end();
       ++item)
    rows.push_back(*item - first_adopted);
  return rows;
}

/// Returns those of the excluded items that are trained.
gsl::span<const std::uint32_t> trained_rows(gsl::span<const std::uint32_t> excluded,
                                            std::uint32_t first_adopted) {
  const auto end = std::lower_bound(excluded.begin(), excluded.end(), first_adopted);
  return excluded.first(static_cast<std::size_t>(end - excluded.begin()));
}

void add_adopted(const adopted_items& adopted, std::uint32_t first_adopted,
                 gsl::span<const retrieval_query> queries, retrieval_scratch& work,
                 std::vector<std::vector<scored_item>>& lists) {
  std::vector<std::vector<std::uint32_t>> excluded;
  std::vector<retrieval_query> among_adopted;
  excluded.reserve(queries.size());
  for (const auto& query : queries) {
    excluded.push_back(adopted_rows(query.excluded, first_adopted));
    among_adopted.push_back({query.user, excluded.back(), query.count});
  }
  const auto best = retrieve(adopted.embeddings, among_adopted, work);
  for (std::size_t q = 0; q < queries.size(); ++q)
    merge_adopted(lists[q], best[q].found(), first_adopted, queries[q].count);
}

} // namespace

std::vector<std::vector<scored_item>> search_items(const model_set& models,
                                                   gsl::span<const retrieval_query> queries,
                                                   item_search_scratch work, shared_retrieval* shared) {
  const auto first_adopted = static_cast<std::uint32_t>(models.items.trained().size());
  std::vector<retrieval_query> among_trained(queries.begin(), queries.end());
  for (auto& query : among_trained)
    query.excluded = trained_rows(query.excluded, first_adopted);
  const auto index = models.index->current();
  const auto best =
      index ? index->rows.search(models.item_embeddings, among_trained, index->effort.deviations, work.index)
            : retrieve(models.item_embeddings, among_trained, work.exact, shared);
  std::vector<std::vector<scored_item>> lists;
  lists.reserve(queries.size());
  for (const auto& one : best)
    lists.push_back(one.found());
  if (models.adopted() != nullptr)
    add_adopted(*models.adopted(), first_adopted, queries, work.adopted, lists);
  return lists;
}

} // namespace winnow
