#pragma once

#include "models/training/embedding_rows.hpp"
#include "models/training/interaction_graph.hpp"
#include "models/training/support/thread_team.hpp"

#include <functional>
#include <vector>

namespace winnow {

/// How neighbours' rows are read: as they are, or from a copy in half of their bytes (bfloat16), which pays
/// where the embeddings exceed the caches.
enum class row_precision { single, half };

/// Multiplies embeddings by the symmetrically normalised adjacency matrix A of a graph, in LightGCN's layers.
class graph_propagation {
public:
  /// @param graph, team Must outlive it. @param width Of the embeddings.
  graph_propagation(const interaction_graph& graph, std::size_t width, std::size_t layers, thread_team& team);

  /// Embeddings whose rows are gathered. Valid until the next call of `prepare` or `inner`, and as long as
  /// the embeddings do not change.
  class source {
  public:
    /// Computes scale · (A in + plus) for one row. @param plus A row. @param next The node after it: the rows
    /// that it needs are fetched already if it is `node + 1`.
    void gather(std::size_t node, const float* plus, float scale, float* out, std::size_t next) const;
    void gather(std::size_t node, const float* plus, float scale, float* out) const {
      gather(node, plus, scale, out, node + 1);
    }

  private:
    friend class graph_propagation;
    const interaction_graph* graph_;
    const embedding_rows* in_;
    const unsigned char* active_;
    const std::uint16_t* halves_; ///< Null: rows are read as they are.
  };

  /// @param active Marks the rows of `in` that are not zero; null: any may be.
  source prepare(const embedding_rows& in, const unsigned char* active, row_precision how);

  /// Computes all layers but the last, from the inside out: in, A in + in, A (A in + in) + in …
  /// @return `in` itself if there are no more layers; otherwise valid until the next call.
  const embedding_rows& inner(const embedding_rows& in, const unsigned char* active, row_precision how);

  /// Computes the mean of in, A in, A A in … over all layers.
  embedding_rows mean_of_layers(const embedding_rows& in);

  /// Runs `work(first, last)` over ranges of nodes with about equally many edges.
  void for_ranges(const std::function<void(std::size_t, std::size_t)>& work);

private:
  /// Computes out = A in + plus for all rows.
  void multiply(const source& in, const embedding_rows& plus, embedding_rows& out);

  const interaction_graph& graph_;
  std::size_t layers_;
  thread_team& team_;
  std::vector<std::size_t> parts_;
  embedding_rows even_, odd_; ///< Intermediate layers.
  aligned_shorts halves_;
};

} // namespace winnow
