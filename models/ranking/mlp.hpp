#pragma once

#include "models/kernels/aligned.hpp"
#include "models/kernels/kernels.hpp"
#include "models/ranking/linear_layer.hpp"

#include <cstddef>
#include <gsl/span>
#include <vector>

namespace winnow {

/// A linear layer that is run on one vector a request.
class vector_layer {
public:
  vector_layer() = default;

  /// @param kept The rows to keep, in order.
  vector_layer(const linear_layer& layer, const std::vector<std::size_t>& kept);

  std::size_t columns() const noexcept { return columns_; }

  /// The layer's output for `vector`; of a shorter one than `columns()` the rest counts as zeros. Behind its
  /// rows `out` has zeros up to a multiple of 32.
  void run(gsl::span<const float> vector, aligned_floats& out) const;

private:
  std::size_t columns_ = 0;
  aligned_floats weight_; // by columns, each as long as `bias_`
  aligned_floats bias_;
};

/// The hidden layers and the output of a ranker, ready to run on tiles. Units that cannot matter are left
/// out.
class mlp {
public:
  mlp() = default;

  /// @param layers At least one; ReLU stands between them; the last has one row.
  explicit mlp(std::vector<linear_layer> layers);

  std::size_t input_width() const noexcept { return layers_.front().columns; }

  /// Rows of the first layer: the length of the `first_bias` that `begin` takes.
  std::size_t first_rows() const noexcept { return layers_.front().rows; }

  /// Of the first layer's rows as they were given, those that are left, in order.
  const std::vector<std::size_t>& first_kept() const noexcept { return first_kept_; }

  /// Multiply-adds for one input.
  std::size_t operations() const noexcept;

  /// Floats that a tile takes as scratch: what a layer reads, and what it writes.
  std::size_t scratch_size() const noexcept { return 2 * widest_ * kernels::tile_width; }

  /// Runs the first layer on some columns of a tile: those of one request.
  /// @param input `input_width()` × 32.
  /// @param first_bias The first layer's bias, `first_rows()` long: a request's own part is in it.
  /// @param scratch `scratch_size()` floats, aligned to 64 bytes.
  void begin(const float* input, kernels::column_range columns, const float* first_bias,
             float* scratch) const;

  /// Runs the other layers on the tile's first `count` columns.
  /// @param scratch As `begin` left it.
  /// @return The scores, one a column, in `scratch`.
  const float* finish(std::size_t count, float* scratch) const;

private:
  void run_layer(std::size_t at, const float* bias, const float* input, kernels::column_range columns,
                 float* scratch) const;

  /// Where a layer writes to.
  float* output(std::size_t layer, float* scratch) const noexcept {
    return scratch + layer % 2 * widest_ * kernels::tile_width;
  }

  struct dense {
    std::size_t rows = 0;
    std::size_t columns = 0;
    aligned_floats weight;
    aligned_floats bias;
  };

  std::vector<dense> layers_;
  std::vector<std::size_t> first_kept_;
  std::size_t widest_ = 1;
};

} // namespace winnow
