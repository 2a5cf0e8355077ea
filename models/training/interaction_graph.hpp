#pragma once

#include "models/training/interactions/interactions.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// The bipartite graph of users and items as the symmetrically normalised adjacency matrix D^-1/2 A D^-1/2 in
/// compressed rows. Node `u` is a user below `users`, node `users + i` is item `i`.
struct interaction_graph {
  std::size_t users = 0;
  std::size_t items = 0;
  std::vector<std::uint64_t>
      offsets; ///< nodes + 1: row `n` holds the edges `offsets[n]` up to `offsets[n + 1]`.
  std::vector<std::uint32_t> neighbours; ///< Of each edge, the node it leads to; rising within a row.
  std::vector<float> weights;            ///< Of each edge, 1 / sqrt(degree · degree).

  std::size_t nodes() const noexcept { return users + items; }

  /// Where to part the rows so that each part has about the same work; the first is 0 and the last `nodes()`.
  std::vector<std::size_t> balanced_parts(std::size_t parts) const;
};

interaction_graph build_graph(const item_lists& train, std::size_t users, std::size_t items);

} // namespace winnow
