#pragma once

#include "models/kernels/aligned.hpp"
#include "models/kernels/kernels.hpp"
#include "models/ranking/linear_layer.hpp"

#include <cstddef>
#include <gsl/span>
#include <vector>

namespace winnow {

/// A linear layer that runs on one vector per request.
class vector_layer {
public:
  vector_layer() = default;

  /// @param kept The rows to keep, in order.
  vector_layer(const linear_layer& layer, const std::vector<std::size_t>& kept);

  std::size_t columns() const noexcept { return columns_; }

  /// Computes the layer's output for `vector`. If `vector` is shorter than `columns()`, the rest counts as
  /// zeros. `out` is padded with zeros to a multiple of 32.
  void run(gsl::span<const float> vector, aligned_floats& out) const;

private:
  std::size_t columns_ = 0;
  aligned_floats weight_; // column-major, each column as long as `bias_`
  aligned_floats bias_;
};

/// The hidden layers and the output layer of a ranker, which run on tiles. Units that cannot matter are left
/// out.
class mlp {
public:
  mlp() = default;

  /// @param layers At least one, with ReLU between them. The last one has one row.
  explicit mlp(std::vector<linear_layer> layers);

  std::size_t input_width() const noexcept { return layers_.front().columns; }

  /// Rows of the first layer; also the length of `first_bias` in `begin`.
  std::size_t first_rows() const noexcept { return layers_.front().rows; }

  /// The rows of the given first layer that are kept, in order.
  const std::vector<std::size_t>& first_kept() const noexcept { return first_kept_; }

  /// Returns the number of multiply-adds for one input.
  std::size_t operations() const noexcept;

  /// The scratch that a tile needs, in floats: for a layer's input and for its output.
  std::size_t scratch_size() const noexcept { return 2 * widest_ * kernels::tile_width; }

  /// Runs the first layer on the columns of one request in a tile.
  /// @param input `input_width()` × 32.
  /// @param first_bias The first layer's bias, including the request's own part; `first_rows()` long.
  /// @param scratch `scratch_size()` floats, aligned to 64 bytes.
  void begin(const float* input, kernels::column_range columns, const float* first_bias,
             float* scratch) const;

  /// Runs the other layers on the tile's first `count` columns.
  /// @param scratch As `begin` left it.
  /// @return The scores, one per column, in `scratch`.
  const float* finish(std::size_t count, float* scratch) const;

private:
  void run_layer(std::size_t at, const float* bias, const float* input, kernels::column_range columns,
                 float* scratch) const;

  /// Returns the part of `scratch` to which a layer writes.
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
