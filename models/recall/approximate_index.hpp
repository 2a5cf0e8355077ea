#pragma once

#include "models/recall/best_candidates.hpp"
#include "models/recall/embedding_table.hpp"
#include "models/recall/retrieval.hpp"
#include "models/recall/row_clusters.hpp"

#include <atomic>
#include <cstdint>
#include <gsl/span>
#include <optional>
#include <vector>

namespace winnow {

/// Buffers of a search, one set per thread. They do not allocate once they have grown.
struct index_scratch {
  retrieval_scratch exact; ///< For queries that the index cannot answer.
  screened_queries queries;
  /// 32 queries as columns, and their components along the direction of each cluster.
  aligned_floats tile, projections;
  screened_sums sums;
  std::vector<float> estimates;              ///< One per block.
  std::vector<std::uint32_t> open, excluded; ///< Blocks to search; places not to return.
  std::vector<best_candidates> best;
  std::size_t rows_read = 0; ///< Counts the rows that searches read: their cost.
};

/// An inverted file (Jégou, Douze, Schmid 2011) with scalar quantisation for inner products. It finds most of
/// a user's best items and reads about a hundredth of a large table.
///
/// The rows of each cluster are sorted by their component along the cluster's direction and cut into blocks
/// of 128. A block stores that component, p, and the standard deviation per column, s, of the rest of its
/// rows. If a query q has the component a along the direction, its scores in the block are about a·p, with a
/// standard deviation of |q|·s. A search reads the blocks whose estimate a·p + effort·|q|·s reaches the best
/// scores found so far, the most promising first. The effort thus determines how unlikely a better score must
/// be for a block to be skipped.
///
/// Rows are stored in a `row_screen`, and the rows that may be best are scored exactly: a search returns the
/// best of all rows that it reads, with exactly the scores that `retrieve` gives.
///
/// Immutable: many threads may search at once.
class approximate_index {
public:
  /// @return nullopt if stopped.
  static std::optional<approximate_index> build(const embedding_table& items, const row_clusters& clusters,
                                                const std::atomic<bool>& stop);

  /// Like `retrieve`, but may miss some of the best items. No list is shorter than that of `retrieve`.
  /// @param items The table from which the index was built.
  /// @param effort In standard deviations. A greater effort finds more of the best items.
  gsl::span<const best_candidates> search(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, float effort,
                                          index_scratch& work) const;

private:
  /// Up to 128 rows of a cluster, from `first` on in the cluster's screen. They are also a block of that
  /// screen.
  struct block {
    std::uint32_t cluster, first, rows;
    std::uint32_t place; ///< The place of its first row among all rows of the index.
  };

  struct member; // a row, while its cluster is built

  approximate_index() = default;
  void add_cluster(const embedding_table& items, std::size_t cluster, std::vector<member>& members);
  void add_block(std::size_t cluster, std::size_t first, gsl::span<const member> members, std::size_t width);
  void search_one(const embedding_table& items, const retrieval_query& query, std::size_t at, float effort,
                  index_scratch& work) const;
  void estimate(float spread, std::size_t lane, index_scratch& work) const;
  void look_at_all(float bar, std::size_t at, index_scratch& work) const;
  void look_at_run(const block& front, std::size_t rows, std::size_t at, index_scratch& work) const;

  std::vector<float> directions_;                      // one unit vector per cluster, row-major
  std::vector<row_screen> screens_;                    // one per cluster
  std::vector<block> blocks_;                          // by cluster, descending component
  std::vector<std::uint32_t> starts_ = {0};            // first block of each cluster, and the end
  std::vector<float> longest_, shortest_, deviations_; // one per block
  std::vector<std::uint32_t> items_, places_;          // the item at each place, and the place of each item
};

} // namespace winnow
