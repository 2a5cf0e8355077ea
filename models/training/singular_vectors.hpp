#pragma once

#include "models/training/embedding_rows.hpp"
#include "models/training/interaction_graph.hpp"
#include "models/training/support/thread_team.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// The largest singular values of the normalised matrix of users and items, descending, and their vectors.
struct singular_vectors {
  std::vector<double> values;
  /// By node of the graph: column k holds the left vector of `values[k]` in the users' rows and the right one
  /// in the items' rows, each of length 1. If the value is 0, the column is 0.
  embedding_rows rows;
};

/// Computes `count` singular values and vectors by subspace iteration from a random start (Halko, Martinsson
/// and Tropp 2011, "Finding structure with randomness"). The largest come out exactly; the smallest are
/// mixtures with those that follow. That suffices for a start of training.
///
/// The result depends on the seed alone, not on the number of threads.
singular_vectors largest_singular_vectors(const interaction_graph& graph, std::size_t count,
                                          std::uint64_t seed, thread_team& team);

} // namespace winnow
