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
  /// @param graph, team Must outlive it.
  graph_propagation(const interaction_graph& graph, std::size_t layers, thread_team& team);

  /// Embeddings whose rows are gathered. Valid until the next call of `inner` or `release`, and as long as
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
    std::size_t stride_;
    const unsigned char* active_;
    const float* floats_;         ///< Null: the rows are in halves.
    const std::uint16_t* halves_; ///< Null: the rows are as they are.
  };

  /// Computes all layers but the last, from the inside out: in, A in + in, A (A in + in) + in …
  /// @param active Marks the rows of `in` that are not zero; null: any may be.
  /// @return The last of them; `in` itself if there are no more layers.
  source inner(const embedding_rows& in, const unsigned char* active, row_precision how);

  /// The same in single precision, as rows. Valid until the next call.
  const embedding_rows& inner_rows(const embedding_rows& in, const unsigned char* active = nullptr);

  /// Computes the mean of in, A in, A A in … over all layers, in single precision.
  /// @param out Not `in`. Of any size before.
  void mean_of_layers(const embedding_rows& in, embedding_rows& out);

  /// Gives back the memory of the layers until they are computed again.
  void release();

  /// Runs `work(first, last)` over ranges of nodes with about equally many edges.
  void for_ranges(const std::function<void(std::size_t, std::size_t)>& work);

private:
  source rows_of(const embedding_rows& in, const unsigned char* active) const;
  source halves_of(const embedding_rows& in, const unsigned char* active);
  source inner_halves(const embedding_rows& in, const unsigned char* active);

  /// Computes out = A in + plus for all rows.
  void multiply(const source& in, const embedding_rows& plus, embedding_rows& out);
  void multiply(const source& in, const embedding_rows& plus, aligned_shorts& out);

  const interaction_graph& graph_;
  std::size_t layers_;
  thread_team& team_;
  std::vector<std::size_t> parts_;
  embedding_rows rows_[2]; ///< Of the layers with even and with odd numbers.
  aligned_shorts halves_[2];
};

} // namespace winnow
