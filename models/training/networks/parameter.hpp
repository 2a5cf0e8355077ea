#pragma once

#include "models/checkpoint/checkpoint.hpp"
#include "models/kernels/aligned.hpp"
#include "models/training/support/random.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

/// A trainable weight, row-major, with its gradient and Adam's moments.
struct parameter {
  parameter() = default;
  parameter(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), value(rows * columns, 0.0f), gradient(value), first(value),
        second(value) {}

  std::size_t rows = 0, columns = 0;
  aligned_floats value, gradient, first, second;

  /// Draws uniformly from ± gain · sqrt(1 / columns); with gain 1 as PyTorch initialises Linear.
  void randomise(random_source& random, double gain = 1);

  float* row(std::size_t at) noexcept { return value.data() + at * columns; }
  const float* row(std::size_t at) const noexcept { return value.data() + at * columns; }
};

/// Options of Adam; weight decay is decoupled (Loshchilov and Hutter 2019).
struct adam_options {
  double learning_rate = 1e-3;
  double weight_decay = 0;
};

/// Takes an Adam step with a parameter and clears its gradient. @param step From 1.
void adam_move(parameter& weights, std::uint64_t step, const adam_options& options);

/// A parameter as a checkpoint tensor, with two dimensions or one.
named_tensor to_tensor(std::string name, const parameter& weights);
named_tensor to_vector(std::string name, const parameter& weights);

} // namespace winnow
