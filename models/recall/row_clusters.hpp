#pragma once

#include "models/catalogue/feature_rows.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace winnow {

/// The rows of a table, grouped into clusters of rows that are close to each other.
struct row_clusters {
  std::size_t count = 0;             ///< Number of clusters; some may be empty.
  std::vector<std::uint32_t> of_row; ///< The cluster of each row, below `count`.
};

/// Returns how many clusters a table of `rows` rows should have: about the square root, which balances the
/// cost of choosing clusters against the cost of searching one.
std::size_t cluster_count_for(std::size_t rows) noexcept;

/// Runs k-means (Lloyd 1982) by Euclidean distance on a sample of 64 rows per cluster, then assigns each row
/// to the nearest centre. The same rows give the same clusters. A row whose distances are NaN is assigned to
/// the first cluster. One thread; 1M rows of 128 columns take about 6 s.
/// @param stop Once it is true, the function returns within some hundredths of a second.
/// @return nullopt if stopped.
std::optional<row_clusters> cluster_rows(const feature_table& rows, std::size_t clusters,
                                         const std::atomic<bool>& stop);

} // namespace winnow
