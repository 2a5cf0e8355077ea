#include "models/similar_items.hpp"

#include "models/kernels/recall_kernels.hpp"
#include "models/kernels/sum_of_squares.hpp"
#include "models/recall/sort_best.hpp"
#include "models/stage_evidence.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

// The sums of a piece should stay in the cache until they are evaluated.
constexpr std::size_t piece_blocks = 16;

/// Returns 1 / |row|; 0 for rows of zeros or of numbers that are not finite.
float inverse_norm_of(gsl::span<const float> row) {
  const double squares = sum_of_squares(row);
  return squares > 0 && std::isfinite(squares) ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f;
}

/// Prepares the queries of those items that have a direction.
void prepare(const model_set& models, gsl::span<const similar_query> items, std::size_t count,
             similar_items_scratch& work) {
  const std::size_t width = models.item_embeddings.width();
  work.directions.assign(items.size() * width, 0.0f);
  work.nearest.resize(std::max(work.nearest.size(), items.size()));
  work.searched.clear();
  for (std::size_t q = 0; q < items.size(); ++q) {
    work.nearest[q].reset(count);
    const float scale = inverse_norm_of(models.item_embeddings.row(items[q].item));
    if (scale == 0)
      continue;
    models.item_embeddings.add_scaled_row(items[q].item, scale, {work.directions.data() + q * width, width});
    work.searched.push_back(q);
  }
}

/// Sets the bars of the summed blocks for cosines above `limit`. The last row of a block is its shortest: no
/// other reaches the limit with a smaller product.
void set_bars(const row_screen& screen, const kernels::screen_query& query, float limit,
              screened_sums& work) {
  for (std::size_t from = 0; from < work.rows; from += kernels::block_rows) {
    const std::size_t last = work.first + std::min(from + kernels::block_rows, work.rows) - 1;
    const std::size_t block = from / kernels::block_rows;
    screen.set_bars(query, (work.first + from) / kernels::block_rows, limit * screen.least_norm(last),
                    {work.bars.data() + block, 1});
  }
}

/// Collects in `work.found` those of the summed rows whose cosine to a query may be above `limit`.
/// @param at The query's position in `work.searched`.
void screen_rows(const embedding_table& table, std::size_t at, float limit, similar_items_scratch& work) {
  const auto& screen = table.screen();
  const auto& query = work.queries.all()[at];
  auto& summed = work.sums;
  set_bars(screen, query, limit, summed);
  const std::int16_t* const sums = summed.of(at);
  const std::size_t blocks = (summed.rows + kernels::block_rows - 1) / kernels::block_rows;
  const std::size_t reached = kernels::positions_reaching(sums, summed.leads_of(at), summed.bars.data(),
                                                          blocks, summed.positions.data());
  work.found.clear();
  work.rows.clear();
  for (std::size_t i = 0; i < reached; ++i) {
    const std::size_t row = summed.positions[i], position = summed.first + row;
    if (row >= summed.rows) // the last block may have places without a row
      continue;
    const float upper = screen.estimate(position, query, sums[row]) + screen.error(position, query);
    if (upper < limit * screen.least_norm(position))
      continue;
    work.found.push_back(table.item_at(position));
    work.rows.push_back(table.row(work.found.back()).data());
  }
}

bool may_return(const model_set& models, const similar_query& query, std::uint32_t item) {
  return item != query.item && !models.is_withheld(item) &&
         (query.allowed == nullptr || query.allowed->allows(item));
}

/// Offers all rows of a table to the nearest items of each query.
/// @param first The index of the table's first row in the catalogue.
void scan(const model_set& models, const embedding_table& table, std::uint32_t first,
          gsl::span<const similar_query> items, similar_items_scratch& work) {
  const auto& screen = table.screen();
  const std::size_t width = table.width();
  work.queries.reset(screen, work.searched.size());
  for (const auto q : work.searched)
    work.queries.append({work.directions.data() + q * width, width});
  work.sums.resize(work.searched.size(), piece_blocks);
  for (std::size_t begin = 0; begin < screen.rows(); begin += work.sums.room) {
    work.sums.compute(screen, work.queries.all(), begin, std::min(work.sums.room, screen.rows() - begin));
    for (std::size_t at = 0; at < work.searched.size(); ++at) {
      const auto q = work.searched[at];
      auto& nearest = work.nearest[q];
      screen_rows(table, at, std::max(nearest.threshold(), 0.0f), work);
      work.products.resize(work.rows.size());
      kernels::multiply_rows(work.directions.data() + q * width, width, work.rows.data(), work.rows.size(),
                             work.products.data());
      for (std::size_t i = 0; i < work.rows.size(); ++i) {
        const float cosine = work.products[i] * inverse_norm_of({work.rows[i], width});
        if (cosine > 0 && may_return(models, items[q], first + work.found[i]))
          nearest.offer({first + work.found[i], cosine});
      }
    }
  }
}

/// Finds the nearest items of each query.
void find_nearest(const model_set& models, gsl::span<const similar_query> items, std::size_t count,
                  similar_items_scratch& work) {
  prepare(models, items, count, work);
  if (work.searched.empty())
    return;
  scan(models, models.item_embeddings, 0, items, work);
  if (const auto* const adopted = models.adopted())
    scan(models, adopted->embeddings, static_cast<std::uint32_t>(models.item_embeddings.rows()), items, work);
}

/// Returns the items that follow the query's item most, with their scores.
std::vector<scored_item> followers_of(const model_set& models, const similar_query& query, std::size_t count,
                                      transition_scratch& work) {
  if (!models.transitions)
    return {};
  const gsl::span<const std::uint32_t> history(&query.item, 1);
  models.transitions->score(history, work, models.learned ? &models.learned->transitions : nullptr);
  if (models.withheld || query.allowed != nullptr)
    for (const auto item : work.touched)
      if (!may_return(models, query, item))
        work.scores[item] = 0;
  return transition_table::best(history, count, work);
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

std::vector<ranked_list> similar_items(const model_set& models, gsl::span<const similar_query> items,
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
