#pragma once

#include "models/kernels/aligned.hpp"

#include <cstddef>
#include <vector>

namespace winnow {

/// One linear layer in double precision, row-major `rows` × `columns`: the form in which layers are composed
/// at load.
struct linear_layer {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> weight;
  std::vector<double> bias;

  double& at(std::size_t row, std::size_t column) { return weight[row * columns + column]; }
  double at(std::size_t row, std::size_t column) const { return weight[row * columns + column]; }
};

/// `outer` after `inner`, as one layer; `first` is the column of `outer` at which the output of `inner`
/// stands. The bias is what `outer`'s weights make of `inner`'s bias; `outer`'s own bias is not in it.
linear_layer compose(const linear_layer& outer, std::size_t first, const linear_layer& inner);

/// Whether a weight is too small to move a score by what a float can tell. Trained weights decay into
/// denormal numbers, which the processor multiplies many times slower than others, so these are taken as
/// zero.
bool is_negligible(double weight) noexcept;

/// The weight as a float; zero if it is negligible.
float narrow(double weight) noexcept;

/// Appends the rows `kept` of a layer as floats, negligible values as zeros.
void narrow_rows(const linear_layer& layer, const std::vector<std::size_t>& kept, aligned_floats& weight,
                 aligned_floats& bias);

} // namespace winnow
