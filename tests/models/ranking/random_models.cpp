#include "tests/models/ranking/random_models.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace winnow::test {

namespace {

named_tensor random_tensor(const std::string& name, std::vector<std::int64_t> shape, std::mt19937& random,
                           float centre = 0, float spread = 1) {
  std::size_t count = 1;
  for (const auto size : shape)
    count *= static_cast<std::size_t>(size);
  std::uniform_real_distribution<float> uniform(centre - spread, centre + spread);
  named_tensor tensor{name, std::move(shape), std::vector<float>(count)};
  std::generate(tensor.values.begin(), tensor.values.end(), [&] { return uniform(random); });
  return tensor;
}

void add_linear(std::vector<named_tensor>& tensors, const std::string& prefix, std::int64_t rows,
                std::int64_t columns, std::mt19937& random, bool bias = true) {
  const float spread = 1.5f / std::sqrt(static_cast<float>(columns)); // keeps activations near one
  tensors.push_back(random_tensor(prefix + ".weight", {rows, columns}, random, 0, spread));
  if (bias)
    tensors.push_back(random_tensor(prefix + ".bias", {rows}, random, 0, 0.3f));
}

void add_mlp(std::vector<named_tensor>& tensors, std::int64_t width, const std::vector<std::int64_t>& hidden,
             std::mt19937& random) {
  int entry = 0;
  for (const auto rows : hidden) {
    const std::string norm = "mlp." + std::to_string(entry + 1);
    add_linear(tensors, "mlp." + std::to_string(entry), rows, width, random);
    tensors.push_back(random_tensor(norm + ".weight", {rows}, random, 1, 0.3f));
    tensors.push_back(random_tensor(norm + ".bias", {rows}, random, 0, 0.3f));
    tensors.push_back(random_tensor(norm + ".running_mean", {rows}, random, 0, 0.3f));
    tensors.push_back(random_tensor(norm + ".running_var", {rows}, random, 1, 0.5f));
    tensors.push_back(random_tensor(norm + ".num_batches_tracked", {}, random));
    width = rows;
    entry += 4;
  }
  add_linear(tensors, "output_layer", 1, width, random);
}

} // namespace

std::vector<named_tensor> random_din(const din_shape& shape, std::mt19937& random) {
  std::vector<named_tensor> tensors;
  add_linear(tensors, "item_embedding", shape.embedding, shape.features, random);
  add_linear(tensors, "attention.w_query", shape.attention, shape.embedding, random, false);
  add_linear(tensors, "attention.w_key", shape.attention, shape.embedding, random, false);
  add_linear(tensors, "attention.w_value", 1, shape.attention, random, false);
  add_mlp(tensors, 3 * shape.embedding, shape.hidden, random);
  return tensors;
}

std::vector<named_tensor> random_ranknet(const ranknet_shape& shape, std::mt19937& random) {
  std::vector<named_tensor> tensors;
  add_linear(tensors, "user_embedding", shape.embedding, shape.user, random);
  add_linear(tensors, "item_embedding", shape.embedding, shape.features, random);
  add_mlp(tensors, 2 * shape.embedding, shape.hidden, random);
  return tensors;
}

named_tensor& tensor_in(std::vector<named_tensor>& tensors, const std::string& name) {
  for (auto& tensor : tensors)
    if (tensor.name == name)
      return tensor;
  throw std::runtime_error("no tensor " + name);
}

} // namespace winnow::test
