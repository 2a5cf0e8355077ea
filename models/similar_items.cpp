#include "models/similar_items.hpp"

#include "models/kernels/recall_kernels.hpp"
#include "models/kernels/sum_of_squares.hpp"
#include "models/recall/sort_best.hpp"
#include "models/stage_evidence.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

// The block's rows should stay in the cache while all queries are multiplied with them.
constexpr std::size_t block_rows = 512;

/// Returns 1 / |row|; 0 for zeros.
float inverse_norm_of(gsl::span<const float> row) {
  const double squares = sum_of_squares(row);
  return squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f;
}

/// Writes the unit embedding of each item to `directions`; zeros for an item whose embedding is zero.
void write_directions(const model_set& models, gsl::span<const std::uint32_t> items,
                      std::vector<float>& directions) {
  const std::size_t width = models.item_embeddings.width();
  directions.assign(items.size() * width, 0.0f);
  for (std::size_t q = 0; q < items.size(); ++q)
    models.item_embeddings.add_scaled_row(items[q], inverse_norm_of(models.item_embeddings.row(items[q])),
                                          {directions.data() + q * width, width});
}

/// Offers the rows of a block to the query's nearest items.
/// @param first The index of the block's first row in the catalogue.
void offer_block(std::uint32_t item, const float* direction, std::size_t width, std::uint32_t first,
                 top_k& nearest, similar_items_scratch& work) {
  const std::size_t rows = work.rows.size();
  kernels::multiply_rows(direction, width, work.rows.data(), rows, work.cosines.data());
  for (std::size_t r = 0; r < rows; ++r)
    work.cosines[r] *= work.inverse_norms[r];
  const float limit = std::max(nearest.threshold(), 0.0f);
  const std::size_t found = kernels::positions_not_below(work.cosines.data(), rows, limit, work.above.data());
  for (std::size_t i = 0; i < found; ++i) {
    const std::uint32_t row = work.above[i];
    if (work.cosines[row] > 0 && first + row != item) // NaN is not above 0
      nearest.offer({first + row, work.cosines[row]});
  }
}

/// Offers all rows of a table to the nearest items of each query, in the order of the rows.
/// @param first The index of the table's first row in the catalogue.
/// @param inverse_norms Of all rows; null if they must be computed.
void scan(const embedding_table& table, std::uint32_t first, const std::vector<float>* inverse_norms,
          gsl::span<const std::uint32_t> items, similar_items_scratch& work) {
  for (std::size_t begin = 0; begin < table.rows(); begin += block_rows) {
    const std::size_t rows = std::min(block_rows, table.rows() - begin);
    work.rows.resize(rows);
    for (std::size_t r = 0; r < rows; ++r)
      work.rows[r] = table.row(begin + r).data();
    for (std::size_t r = 0; r < rows; ++r)
      work.inverse_norms[r] =
          inverse_norms != nullptr ? (*inverse_norms)[begin + r] : inverse_norm_of(table.row(begin + r));
    for (std::size_t q = 0; q < items.size(); ++q)
      offer_block(items[q], work.directions.data() + q * table.width(), table.width(),
                  first + static_cast<std::uint32_t>(begin), work.nearest[q], work);
  }
}

/// Finds the nearest items of each query.
void find_nearest(const model_set& models, gsl::span<const std::uint32_t> items, std::size_t count,
                  similar_items_scratch& work) {
  write_directions(models, items, work.directions);
  work.nearest.resize(std::max(work.nearest.size(), items.size()));
  for (std::size_t q = 0; q < items.size(); ++q)
    work.nearest[q].reset(count);
  work.inverse_norms.resize(block_rows);
  work.cosines.resize(block_rows);
  work.above.resize(block_rows);
  scan(models.item_embeddings, 0, models.inverse_norms.get(), items, work);
  if (const auto* const adopted = models.adopted())
    scan(adopted->embeddings, static_cast<std::uint32_t>(models.item_embeddings.rows()),
         &adopted->inverse_norms, items, work);
}

/// Returns the items that follow `item` most, with their scores.
std::vector<scored_item> followers_of(const model_set& models, std::uint32_t item, std::size_t count,
                                      transition_scratch& work) {
  if (!models.transitions)
    return {};
  models.transitions->score({&item, 1}, work, models.learned ? &models.learned->transitions : nullptr);
  return transition_table::best({&item, 1}, count, work);
}

/// Merges the lists of both sources. Both are best first.
ranked_list merged(const model_set& models, const std::vector<scored_item>& nearest,
                   const std::vector<scored_item>& followers, std::size_t count) {
  ranked_list all;
  for (std::uint32_t rank = 0; rank < nearest.size(); ++rank) {
    all.items.push_back(nearest[rank]);
    all.evidence.emplace_back();
    all.evidence.back().recall_rank = rank;
  }
  for (std::uint32_t rank = 0; rank < followers.size(); ++rank) {
    const auto same = std::find_if(nearest.begin(), nearest.end(),
                                   [&](const scored_item& one) { return one.item == followers[rank].item; });
    const auto place = static_cast<std::size_t>(same - nearest.begin());
    if (same == nearest.end()) {
      all.items.push_back({followers[rank].item, 0});
      all.evidence.emplace_back();
      all.evidence.back().recall_rank = no_rank;
    }
    auto& evidence = same == nearest.end() ? all.evidence.back() : all.evidence[place];
    evidence.transition_rank = rank;
    evidence.transition_score = followers[rank].score / followers.front().score;
  }
  std::vector<scored_item> order(all.items.size()); // `item` is the position in `all` here
  for (std::uint32_t i = 0; i < order.size(); ++i)
    order[i] = {i, similarity(models, all.evidence[i])};
  sort_best(order, count);
  ranked_list list;
  for (const auto& place : order) {
    list.items.push_back(all.items[place.item]);
    list.evidence.push_back(all.evidence[place.item]);
  }
  return list;
}

} // namespace

float similarity(const model_set& models, const candidate_evidence& evidence) noexcept {
  return fused_rank(evidence, models.transitions ? models.transition_weight : 0.0f);
}

std::vector<ranked_list> similar_items(const model_set& models, gsl::span<const std::uint32_t> items,
                                       std::size_t count, similar_items_scratch& work,
                                       transition_scratch& transitions) {
  find_nearest(models, items, count, work);
  std::vector<ranked_list> lists;
  lists.reserve(items.size());
  for (std::size_t q = 0; q < items.size(); ++q)
    lists.push_back(
        merged(models, work.nearest[q].sorted(), followers_of(models, items[q], count, transitions), count));
  return lists;
}

} // namespace winnow
