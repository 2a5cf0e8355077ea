#include "models/panel_table.hpp"

namespace winnow {

using kernels::tile_width;

void panel_table::append(gsl::span<const float> row) {
  if (rows_ % block_rows == 0)
    blocks_.emplace_back(block_rows * width_);
  float* to = blocks_.back().data() + offset_in_block(rows_);
  for (std::size_t k = 0; k < width_; ++k)
    to[k * tile_width] = row[k];
  ++rows_;
}

void panel_table::add_row(std::size_t row, gsl::span<float> sum) const {
  const float* from = block(row / block_rows) + offset_in_block(row);
  for (std::size_t k = 0; k < width_; ++k)
    sum[k] += from[k * tile_width];
}

void panel_table::add_scaled_row(std::size_t row, float factor, gsl::span<float> sum) const {
  const float* from = block(row / block_rows) + offset_in_block(row);
  for (std::size_t k = 0; k < width_; ++k)
    sum[k] += factor * from[k * tile_width];
}

float panel_table::dot(std::size_t row, gsl::span<const float> vector) const {
  const float* from = block(row / block_rows) + offset_in_block(row);
  float sum = 0;
  for (std::size_t k = 0; k < width_; ++k)
    sum += vector[k] * from[k * tile_width];
  return sum;
}

} // namespace winnow
