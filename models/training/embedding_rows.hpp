#pragma once

#include "models/kernels/aligned.hpp"

#include <cstddef>

namespace winnow {

/// Rows of equal width, padded with zeros to a multiple of 16 floats so that each starts on a cache line.
class embedding_rows {
public:
  embedding_rows() = default;
  embedding_rows(std::size_t rows, std::size_t width)
      : rows_(rows), width_(width), stride_((width + 15) / 16 * 16), values_(rows * stride_, 0.0f) {}

  float* row(std::size_t at) noexcept { return values_.data() + at * stride_; }
  const float* row(std::size_t at) const noexcept { return values_.data() + at * stride_; }
  std::size_t rows() const noexcept { return rows_; }
  std::size_t width() const noexcept { return width_; }
  std::size_t stride() const noexcept { return stride_; }
  aligned_floats& values() noexcept { return values_; }
  const aligned_floats& values() const noexcept { return values_; }

private:
  std::size_t rows_ = 0, width_ = 0, stride_ = 0;
  aligned_floats values_;
};

} // namespace winnow
