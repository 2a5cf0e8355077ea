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

/// Buffers that a search works in: one a thread, reused without allocation once they have grown.
struct index_scratch {
  retrieval_scratch exact; ///< For what the index cannot answer.
  screened_queries queries;
  aligned_floats tile, projections; ///< 32 queries as columns, and their lengths along each direction.
  screened_sums sums;
  std::vector<float> estimates;              ///< Of each block.
  std::vector<std::uint32_t> open, excluded; ///< Blocks to look at; places not to be told.
  std::vector<best_candidates> best;
  std::size_t rows_read = 0; ///< Grows by the rows that each search looks at: what it costs.
};

/// An inverted file (Jégou, Douze, Schmid 2011) with scalar quantisation for inner products: it finds most of
/// a user's best items while it looks at a hundredth of a large table.
///
/// Each cluster's rows are sorted by their length along the cluster's direction and cut into blocks of 128. A
/// block keeps that length, p, and what its rows have across, as a standard deviation a column, s. A query q
/// with the part a along the direction can expect scores of about a·p in a block, with a standard deviation
/// of |q|·s. It looks at blocks whose estimate a·p + effort·|q|·s reaches the best scores found so far, the
/// most promising first: the effort tells how unlikely a better score has to be for a block to be left out.
/// Rows are kept as `row_screen` keeps them, and what is found is scored exactly: of the rows that it looks
/// at, a search returns the best without exception, with the very scores that `retrieve` gives.
///
/// Immutable: many threads may search at once.
class approximate_index {
public:
  /// @return Nothing where it was stopped.
  static std::optional<approximate_index> build(const embedding_table& items, const row_clusters& clusters,
                                                const std::atomic<bool>& stop);

  /// As `retrieve`, but perhaps not all of the best. No list is shorter than that of `retrieve`.
  /// @param items The table that the index was built of.
  /// @param effort Of the search, in standard deviations; the greater, the more it finds.
  gsl::span<const best_candidates> search(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, float effort,
                                          index_scratch& work) const;

private:
  /// Up to 128 rows of a cluster, from `first` on in its screen: a block of that, too.
  struct block {
    std::uint32_t cluster, first, rows;
    std::uint32_t place; ///< Of its first row among all rows of the index.
  };

  struct member; // a row on its way into a cluster

  approximate_index() = default;
  void add_cluster(const embedding_table& items, std::size_t cluster, std::vector<member>& members);
  void add_block(std::size_t cluster, std::size_t first, gsl::span<const member> members, std::size_t width);
  void search_one(const embedding_table& items, const retrieval_query& query, std::size_t at, float effort,
                  index_scratch& work) const;
  void estimate(float spread, std::size_t lane, index_scratch& work) const;
  void look_at_all(float bar, std::size_t at, index_scratch& work) const;
  void look_at_run(const block& front, std::size_t rows, std::size_t at, index_scratch& work) const;

  std::vector<float> directions_;                      // of the clusters, of length 1: one row each
  std::vector<row_screen> screens_;                    // one a cluster
  std::vector<block> blocks_;                          // by cluster, falling length
  std::vector<std::uint32_t> starts_ = {0};            // of each cluster's blocks, and their end
  std::vector<float> longest_, shortest_, deviations_; // of each block
  std::vector<std::uint32_t> items_, places_; // item at each place of the index, and where each item is
};

} // namespace winnow
