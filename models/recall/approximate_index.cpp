#include "models/recall/approximate_index.hpp"

#include "models/kernels/kernels.hpp"
#include "models/kernels/recall_kernels.hpp"
#include "models/kernels/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {

namespace {

using kernels::block_rows;
using kernels::tile_width;

constexpr float lowest = -std::numeric_limits<float>::infinity();

// From here on a product could overflow, and estimates would be NaN.
constexpr double greatest_product = 1e37;

// Blocks in the first wave of a search: about 1,500 rows.
constexpr std::size_t first_wave_blocks = 12;

/// Returns a bar that about `wanted` of the values reach; `least` if hardly more values reach it; `lowest` if
/// no value reaches `least`.
float bar_for(std::size_t wanted, float least, const std::vector<float>& values) {
  const auto reaching = [&](float bar) {
    return kernels::count_not_below(values.data(), values.size(), bar);
  };
  float low = std::numeric_limits<float>::infinity(), high = lowest;
  for (const float value : values) {
    low = value > lowest ? std::min(low, value) : low;
    high = std::max(high, value);
  }
  if (high == lowest || high < least)
    return lowest;
  if (least > lowest && reaching(least) <= 2 * wanted)
    return least;
  low = std::max(low, least);
  while (true) {
    const float middle = low + (high - low) / 2;
    const auto count = reaching(middle);
    if (count >= wanted && count <= 2 * wanted)
      return middle;
    if (!(low < middle && middle < high))
      return low;
    (count > wanted ? low : high) = middle;
  }
}

} // namespace

struct approximate_index::member {
  std::uint32_t item;
  float length;  // component along the cluster's direction
  double across; // squared length of the rest
};

std::optional<approximate_index> approximate_index::build(const embedding_table& items,
                                                          const row_clusters& clusters,
                                                          const std::atomic<bool>& stop) {
  approximate_index made;
  std::vector<std::vector<member>> members(clusters.count);
  for (std::size_t item = 0; item < items.rows(); ++item)
    members[clusters.of_row[item]].push_back({static_cast<std::uint32_t>(item), 0, 0});
  made.items_.reserve(items.rows());
  made.places_.resize(items.rows());
  made.directions_.resize(clusters.count * items.width());
  for (std::size_t cluster = 0; cluster < clusters.count; ++cluster) {
    if (stop)
      return std::nullopt;
    made.add_cluster(items, cluster, members[cluster]);
    made.starts_.push_back(static_cast<std::uint32_t>(made.blocks_.size()));
  }
  return made;
}

void approximate_index::add_cluster(const embedding_table& items, std::size_t cluster,
                                    std::vector<member>& members) {
  const std::size_t width = items.width();
  const gsl::span<float> direction(directions_.data() + cluster * width, width);
  for (const auto& entry : members)
    items.add_scaled_row(entry.item, 1 / static_cast<float>(members.size()), direction);
  const double norm = std::sqrt(sum_of_squares(direction));
  for (auto& value : direction)
    value = norm > 0 ? static_cast<float>(value / norm) : 0.0f;
  for (auto& entry : members) {
    entry.length = items.dot(entry.item, direction);
    const double along = entry.length;
    entry.across = std::max(sum_of_squares(items.row(entry.item)) - along * along, 0.0);
  }
  std::sort(members.begin(), members.end(), [](const member& a, const member& b) {
    return a.length != b.length ? a.length > b.length : a.item < b.item;
  });
  std::vector<std::uint32_t> order;
  order.reserve(members.size());
  for (const auto& entry : members)
    order.push_back(entry.item);
  screens_.emplace_back(*items.table(), order);
  for (std::size_t first = 0; first < members.size(); first += block_rows)
    add_block(cluster, first, {members.data() + first, std::min(block_rows, members.size() - first)}, width);
}

void approximate_index::add_block(std::size_t cluster, std::size_t first, gsl::span<const member> members,
                                  std::size_t width) {
  blocks_.push_back({static_cast<std::uint32_t>(cluster), static_cast<std::uint32_t>(first),
                     static_cast<std::uint32_t>(members.size()), static_cast<std::uint32_t>(items_.size())});
  double across = 0;
  for (const auto& entry : members) {
    across += entry.across;
    places_[entry.item] = static_cast<std::uint32_t>(items_.size());
    items_.push_back(entry.item);
  }
  longest_.push_back(members[0].length);
  shortest_.push_back(members[members.size() - 1].length);
  deviations_.push_back(static_cast<float>(std::sqrt(across / static_cast<double>(members.size() * width))));
}

gsl::span<const best_candidates> approximate_index::search(const embedding_table& items,
                                                           gsl::span<const retrieval_query> batch,
                                                           float effort, index_scratch& work) const {
  const std::size_t width = items.width(), clusters = screens_.size();
  work.queries.reset(items.screen(), batch.size());
  if (work.best.size() < batch.size())
    work.best.resize(batch.size());
  for (const auto& query : batch)
    work.queries.append(query.user);
  work.tile.resize(width * tile_width);
  work.projections.resize(clusters * tile_width);
  for (std::size_t q = 0; q < batch.size(); ++q) {
    if (q % tile_width == 0) {
      const float* users[tile_width];
      const std::size_t count = std::min(tile_width, batch.size() - q);
      for (std::size_t lane = 0; lane < count; ++lane)
        users[lane] = batch[q + lane].user.data();
      kernels::rows_to_tile(users, count, width, work.tile.data());
      kernels::multiply_tile(directions_.data(), clusters, width, nullptr, kernels::activation::none,
                             work.tile.data(), work.projections.data());
    }
    search_one(items, batch[q], q, effort, work);
    if (work.best[q].found().size() >= batch[q].count)
      continue;
    retrieve(items, batch.subspan(q, 1), work.exact); // finds all there are
    std::swap(work.best[q], work.exact.best[0]);
    work.rows_read += items.rows();
  }
  return {work.best.data(), batch.size()};
}

void approximate_index::search_one(const embedding_table& items, const retrieval_query& query, std::size_t at,
                                   float effort, index_scratch& work) const {
  auto& best = work.best[at];
  best.reset(query.count);
  const double norm = std::sqrt(sum_of_squares(query.user));
  if (!(norm * static_cast<double>(items.screen().greatest_norm()) < greatest_product)) {
    best.finish(items, query.user);
    return;
  }
  work.excluded.clear();
  for (const auto item : query.excluded)
    work.excluded.push_back(places_[item]);
  std::sort(work.excluded.begin(), work.excluded.end());

  estimate(effort * static_cast<float>(norm), at % tile_width, work);
  // Waves of doubling size. Most rows of the first wave are beaten later, but without their limit no block
  // could be skipped.
  for (std::size_t wanted = first_wave_blocks + query.count / block_rows;; wanted *= 2) {
    const float bar = bar_for(wanted, best.limit(), work.estimates);
    if (bar == lowest)
      break;
    look_at_all(bar, at, work);
    if (bar <= best.limit())
      break;
  }
  best.finish(items, query.user);
}

/// Estimates the best score of each block.
void approximate_index::estimate(float spread, std::size_t lane, index_scratch& work) const {
  work.estimates.resize(blocks_.size());
  for (std::size_t cluster = 0; cluster + 1 < starts_.size(); ++cluster) {
    const float along = work.projections[cluster * tile_width + lane];
    const float* const lengths = along < 0 ? shortest_.data() : longest_.data();
    for (std::size_t b = starts_[cluster]; b < starts_[cluster + 1]; ++b)
      work.estimates[b] = along * lengths[b] + spread * deviations_[b];
  }
}

/// Searches the blocks whose estimate reaches `bar`, and removes their estimates.
void approximate_index::look_at_all(float bar, std::size_t at, index_scratch& work) const {
  work.open.resize(blocks_.size());
  const std::size_t open =
      kernels::positions_not_below(work.estimates.data(), blocks_.size(), bar, work.open.data());
  for (std::size_t i = 0; i < open;) {
    const std::size_t begin = i;
    const auto& front = blocks_[work.open[begin]];
    std::size_t rows = 0;
    for (; i < open && work.open[i] == work.open[begin] + (i - begin) &&
           blocks_[work.open[i]].cluster == front.cluster;
         ++i) {
      rows += blocks_[work.open[i]].rows;
      work.estimates[work.open[i]] = lowest;
    }
    look_at_run(front, rows, at, work);
  }
}

void approximate_index::look_at_run(const block& front, std::size_t rows, std::size_t at,
                                    index_scratch& work) const {
  const auto& screen = screens_[front.cluster];
  const auto& query = work.queries.all()[at];
  auto& best = work.best[at];
  work.sums.resize(1, (rows + block_rows - 1) / block_rows);
  work.sums.compute(screen, {&query, 1}, front.first, rows);
  const std::size_t struck = work.sums.strike_out(0, work.excluded, front.place);
  offer_screened(screen, query, 0, struck, work.sums, best,
                 [&](std::size_t position) { return items_[front.place + position - front.first]; });
  work.rows_read += rows;
}

} // namespace winnow
