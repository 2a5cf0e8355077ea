#include "models/embedding_table.hpp"

namespace winnow {

void embedding_table::add_scaled_row(std::size_t at, float factor, gsl::span<float> sum) const {
  const float* const from = row(at).data();
  float* const to = sum.data();
  for (std::size_t k = 0; k < width(); ++k)
    to[k] += factor * from[k];
}

float embedding_table::dot(std::size_t at, gsl::span<const float> vector) const {
  const float* const from = row(at).data();
  const float* const with = vector.data();
  float sum = 0;
  for (std::size_t k = 0; k < width(); ++k)
    sum += with[k] * from[k];
  return sum;
}

} // namespace winnow
