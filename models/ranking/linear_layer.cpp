#include "models/ranking/linear_layer.hpp"

#include <cmath>

namespace winnow {

linear_layer compose(const linear_layer& outer, std::size_t first, const linear_layer& inner) {
  linear_layer both;
  both.rows = outer.rows;
  both.columns = inner.columns;
  both.weight.assign(both.rows * both.columns, 0.0);
  both.bias.assign(both.rows, 0.0);
  for (std::size_t r = 0; r < outer.rows; ++r)
    for (std::size_t m = 0; m < inner.rows; ++m) {
      const double factor = outer.at(r, first + m);
      both.bias[r] += factor * inner.bias[m];
      for (std::size_t c = 0; c < inner.columns; ++c)
        both.at(r, c) += factor * inner.at(m, c);
    }
  return both;
}

bool is_negligible(double weight) noexcept {
  return std::abs(weight) <= 1e-30;
}

float narrow(double weight) noexcept {
  return is_negligible(weight) ? 0.0f : static_cast<float>(weight);
}

void narrow_rows(const linear_layer& layer, const std::vector<std::size_t>& kept, aligned_floats& weight,
                 aligned_floats& bias) {
  for (const auto r : kept) {
    for (std::size_t c = 0; c < layer.columns; ++c)
      weight.push_back(narrow(layer.at(r, c)));
    bias.push_back(narrow(layer.bias[r]));
  }
}

} // namespace winnow
