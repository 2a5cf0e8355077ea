#pragma once

#include "models/catalogue/feature_table.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace winnow {

/// The rows of a table in groups of rows that lie close to each other.
struct row_clusters {
  std::size_t count = 0;             ///< Of clusters; some may be empty.
  std::vector<std::uint32_t> of_row; ///< Of each row its cluster, below `count`.
};

/// How many clusters a table of so many rows is worth: about the square root, which balances what it costs to
/// choose among clusters with what it costs to look into one.
std::size_t cluster_count_for(std::size_t rows) noexcept;

/// k-means (Lloyd 1982) by Euclidean distance on a sample of 64 rows a cluster, then every row to the nearest
/// centre. The same rows give the same clusters. A row whose distances are not numbers goes to the first
/// cluster. One thread; 1M rows of 128 columns take about 6 s.
/// @param stop Once it is true, the work ends within some hundredths of a second.
/// @return Nothing where it was stopped.
std::optional<row_clusters> cluster_rows(const feature_table& rows, std::size_t clusters,
                                         const std::atomic<bool>& stop);

} // namespace winnow
