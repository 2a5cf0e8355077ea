#include "models/ranking/mlp.hpp"

#include "models/kernels/kernels.hpp"

#include <algorithm>
#include <numeric>

namespace winnow {

namespace {

bool row_is_negligible(const linear_layer& layer, std::size_t row) {
  for (std::size_t c = 0; c < layer.columns; ++c)
    if (!is_negligible(layer.at(row, c)))
      return false;
  return true;
}

bool column_is_negligible(const linear_layer& layer, std::size_t column) {
  for (std::size_t r = 0; r < layer.rows; ++r)
    if (!is_negligible(layer.at(r, column)))
      return false;
  return true;
}

linear_layer keep_rows(const linear_layer& layer, const std::vector<std::size_t>& rows) {
  linear_layer kept{rows.size(), layer.columns, {}, {}};
  for (const auto r : rows) {
    const auto begin = layer.weight.begin() + static_cast<std::ptrdiff_t>(r * layer.columns);
    kept.weight.insert(kept.weight.end(), begin, begin + static_cast<std::ptrdiff_t>(layer.columns));
    kept.bias.push_back(layer.bias[r]);
  }
  return kept;
}

linear_layer keep_columns(const linear_layer& layer, const std::vector<std::size_t>& columns) {
  linear_layer kept{layer.rows, columns.size(), {}, layer.bias};
  for (std::size_t r = 0; r < layer.rows; ++r)
    for (const auto c : columns)
      kept.weight.push_back(layer.at(r, c));
  return kept;
}

/// Removes the units of `layer` that `next` does not use. Also removes those with a constant output, which is
/// added to `next`'s bias; but not in the first layer, whose bias differs between requests.
/// @return The units that are kept.
std::vector<std::size_t> prune_units(linear_layer& layer, linear_layer& next, bool first) {
  std::vector<std::size_t> kept;
  for (std::size_t unit = 0; unit < layer.rows; ++unit) {
    if (column_is_negligible(next, unit))
      continue;
    if (!first && row_is_negligible(layer, unit)) {
      for (std::size_t r = 0; r < next.rows; ++r)
        next.bias[r] += next.at(r, unit) * std::max(layer.bias[unit], 0.0);
      continue;
    }
    kept.push_back(unit);
  }
  layer = keep_rows(layer, kept);
  next = keep_columns(next, kept);
  return kept;
}

} // namespace

vector_layer::vector_layer(const linear_layer& layer, const std::vector<std::size_t>& kept)
    : columns_(layer.columns) {
  const std::size_t stride = kernels::tiles(kept.size()) * kernels::tile_width;
  weight_.resize(columns_ * stride);
  bias_.resize(stride);
  for (std::size_t r = 0; r < kept.size(); ++r) {
    bias_[r] = narrow(layer.bias[kept[r]]);
    for (std::size_t c = 0; c < columns_; ++c)
      weight_[c * stride + r] = narrow(layer.at(kept[r], c));
  }
}

void vector_layer::run(gsl::span<const float> vector, aligned_floats& out) const {
  out.resize(bias_.size());
  kernels::multiply_vector(weight_.data(), bias_.size(), std::min(columns_, vector.size()), bias_.data(),
                           vector.data(), out.data());
}

mlp::mlp(std::vector<linear_layer> layers) {
  first_kept_.resize(layers.front().rows);
  std::iota(first_kept_.begin(), first_kept_.end(), 0);
  // From the output backwards, so that removed units make more units removable.
  for (std::size_t i = layers.size() - 1; i-- > 0;) {
    auto kept = prune_units(layers[i], layers[i + 1], i == 0);
    if (i == 0)
      first_kept_ = std::move(kept);
  }
  for (const auto& layer : layers) {
    dense floats{layer.rows, layer.columns, {}, {}};
    std::vector<std::size_t> all(layer.rows);
    std::iota(all.begin(), all.end(), 0);
    narrow_rows(layer, all, floats.weight, floats.bias);
    widest_ = std::max(widest_, layer.rows);
    layers_.push_back(std::move(floats));
  }
}

std::size_t mlp::operations() const noexcept {
  return std::accumulate(
      layers_.begin(), layers_.end(), std::size_t{0},
      [](std::size_t sum, const dense& layer) { return sum + layer.rows * layer.columns; });
}

void mlp::run_layer(std::size_t at, const float* bias, const float* input, kernels::column_range columns,
                    float* scratch) const {
  const dense& layer = layers_[at];
  const bool last = at + 1 == layers_.size();
  kernels::multiply_tile(layer.weight.data(), layer.rows, layer.columns, bias,
                         last ? kernels::activation::none : kernels::activation::relu, input,
                         output(at, scratch), columns);
}

void mlp::begin(const float* input, kernels::column_range columns, const float* first_bias,
                float* scratch) const {
  run_layer(0, first_bias, input, columns, scratch);
}

const float* mlp::finish(std::size_t count, float* scratch) const {
  for (std::size_t i = 1; i < layers_.size(); ++i)
    run_layer(i, layers_[i].bias.data(), output(i - 1, scratch), kernels::column_range::first_of(count),
              scratch);
  return output(layers_.size() - 1, scratch);
}

} // namespace winnow
