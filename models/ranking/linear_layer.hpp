#pragma once

#include "models/kernels/aligned.hpp"

#include <cstddef>
#include <vector>

namespace winnow {

/// A linear layer in double precision, row-major `rows` × `columns`. Layers are composed in this form at
/// load.
struct linear_layer {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> weight;
  std::vector<double> bias;

  double& at(std::size_t row, std::size_t column) { return weight[row * columns + column]; }
  double at(std::size_t row, std::size_t column) const { return weight[row * columns + column]; }
};

/// Composes `inner` and then `outer` to one layer. The output of `inner` enters `outer` at column `first`.
/// The bias of the result is `inner`'s bias multiplied by `outer`'s weights; it does not include `outer`'s
/// own bias.
linear_layer compose(const linear_layer& outer, std::size_t first, const linear_layer& inner);

/// Whether a weight is too small to change a score in float precision. Trained weights decay into denormal
/// numbers, which processors multiply many times more slowly than others. They are therefore treated as zero.
bool is_negligible(double weight) noexcept;

/// Returns the weight as a float; zero if it is negligible.
float narrow(double weight) noexcept;

/// Appends the rows `kept` of a layer as floats, negligible values as zeros.
void narrow_rows(const linear_layer& layer, const std::vector<std::size_t>& kept, aligned_floats& weight,
                 aligned_floats& bias);

} // namespace winnow
