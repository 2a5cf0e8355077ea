#pragma once

#include "models/checkpoint/checkpoint.hpp"

#include <cstdint>
#include <random>
#include <vector>

/// Tensors with random weights in the layouts of the service's models.
namespace winnow::test {

struct din_shape {
  std::int64_t features = 3;
  std::int64_t embedding = 16;
  std::int64_t attention = 16;
  std::vector<std::int64_t> hidden = {16, 8};
};

struct ranknet_shape {
  std::int64_t user = 8;
  std::int64_t features = 3;
  std::int64_t embedding = 16;
  std::vector<std::int64_t> hidden = {16, 8};
};

std::vector<named_tensor> random_din(const din_shape& shape, std::mt19937& random);
std::vector<named_tensor> random_ranknet(const ranknet_shape& shape, std::mt19937& random);

/// Returns the tensor with this name, for tests that modify it. Throws if it is missing.
named_tensor& tensor_in(std::vector<named_tensor>& tensors, const std::string& name);

} // namespace winnow::test
