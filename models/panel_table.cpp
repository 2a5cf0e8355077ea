#include "models/panel_table.hpp"

namespace winnow {

using kernels::tile_width;

panel_table::panel_table(gsl::span<const float> values, std::size_t width)
    : rows_(width == 0 ? 0 : values.size() / width), width_(width), data_(tile_count() * width * tile_width) {
  for (std::size_t row = 0; row < rows_; ++row) {
    const float* from = values.data() + row * width;
    float* to = data_.data() + row / tile_width * width * tile_width + row % tile_width;
    for (std::size_t k = 0; k < width; ++k)
      to[k * tile_width] = from[k];
  }
}

void panel_table::add_row(std::size_t row, gsl::span<float> sum) const {
  const float* from = tile(row / tile_width) + row % tile_width;
  for (std::size_t k = 0; k < width_; ++k)
    sum[k] += from[k * tile_width];
}

} // namespace winnow
