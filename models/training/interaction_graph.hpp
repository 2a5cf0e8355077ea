#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/networks/sparse_kernels.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// The bipartite graph of users and items, as the symmetrically normalised adjacency matrix D^-1/2 A D^-1/2
/// in compressed sparse rows. Nodes below `users` are users; node `users + i` is item `i`.
struct interaction_graph {
  std::size_t users = 0;
  std::size_t items = 0;
  /// nodes + 1 values: row `n` holds the edges from `offsets[n]` up to `offsets[n + 1]`.
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> neighbours; ///< By edge: the node it leads to.
  std::vector<float> weights;            ///< By edge: 1 / sqrt(degree · degree).

  std::size_t nodes() const noexcept { return users + items; }
  kernels::sparse_row row(std::size_t node) const noexcept;

  /// Bounds that divide the rows into parts of about equal work. The first is 0, the last `nodes()`.
  std::vector<std::size_t> balanced_parts(std::size_t parts) const;
};

interaction_graph build_graph(const item_lists& train, std::size_t users, std::size_t items);

} // namespace winnow
