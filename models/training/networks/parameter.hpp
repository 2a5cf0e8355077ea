#pragma once

#include "models/checkpoint/checkpoint.hpp"
#include "models/kernels/aligned.hpp"
#include "models/training/support/random.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

/// A weight that training moves, row-major, with its gradient and Adam's moments.
struct parameter {
  parameter() = default;
  parameter(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), value(rows * columns, 0.0f), gradient(value), first(value),
        second(value) {}

  std::size_t rows = 0, columns = 0;
  aligned_floats value, gradient, first, second;

  /// Uniform in ± sqrt(1 / columns), as PyTorch's Linear begins.
  void randomise(random_source& random, double gain = 1);

  float* row(std::size_t at) noexcept { return value.data() + at * columns; }
  const float* row(std::size_t at) const noexcept { return value.data() + at * columns; }
};

/// How Adam moves parameters; weight decay is decoupled (Loshchilov and Hutter 2019).
struct adam_options {
  double learning_rate = 1e-3;
  double weight_decay = 0;
};

/// Moves all of a parameter against its gradient, and clears the gradient.
void adam_move(parameter& weights, std::uint64_t step, const adam_options& options);

/// A parameter as a tensor of a checkpoint, with two dimensions or with one.
named_tensor to_tensor(std::string name, const parameter& weights);
named_tensor to_vector(std::string name, const parameter& weights);

} // namespace winnow
