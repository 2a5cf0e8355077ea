#include "models/training/networks/parameter.hpp"

#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

void parameter::randomise(random_source& random, double gain) {
  const double bound = gain / std::sqrt(static_cast<double>(columns));
  for (auto& weight : value)
    weight = static_cast<float>(bound * (2 * random.uniform() - 1));
}

void adam_move(parameter& weights, std::uint64_t step, const adam_options& options) {
  if (options.weight_decay > 0) {
    const auto kept = static_cast<float>(1 - options.learning_rate * options.weight_decay);
    for (auto& value : weights.value)
      value *= kept;
  }
  kernels::adam_update(kernels::adam_at(step, options.learning_rate), weights.value.size(),
                       weights.gradient.data(), weights.first.data(), weights.second.data(),
                       weights.value.data());
  std::fill(weights.gradient.begin(), weights.gradient.end(), 0.0f);
}

named_tensor to_tensor(std::string name, const parameter& weights) {
  return {std::move(name),
          {static_cast<std::int64_t>(weights.rows), static_cast<std::int64_t>(weights.columns)},
          {weights.value.begin(), weights.value.end()}};
}

named_tensor to_vector(std::string name, const parameter& weights) {
  return {std::move(name),
          {static_cast<std::int64_t>(weights.value.size())},
          {weights.value.begin(), weights.value.end()}};
}

} // namespace winnow
