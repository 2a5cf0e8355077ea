#include "models/ranking/layer_loading.hpp"

#include <cmath>
#include <cstdint>

namespace winnow {

namespace {

constexpr double batch_norm_epsilon = 1e-5; // PyTorch's default; a state dict does not contain it

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + (shape[i] == 0 ? std::string("any") : std::to_string(shape[i]));
  return text + "]";
}

bool fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& expected) {
  if (shape.size() != expected.size())
    return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] != expected[i] && (expected[i] != 0 || shape[i] == 0))
      return false;
  return true;
}

/// Finds tensor `name` and checks its shape; `0` in `shape` matches any size. Refuses values that are not
/// finite.
result<const named_tensor*> find_tensor(const checkpoint& file, const std::string& name,
                                        const std::vector<std::int64_t>& shape) {
  const named_tensor* tensor = file.find(name);
  if (const auto* refusal = file.refusal(name); tensor == nullptr && refusal != nullptr)
    return fail(fault::unsupported, file.file() + ": tensor " + name + ": " + *refusal);
  if (tensor == nullptr)
    return fail(fault::malformed,
                file.file() + ": tensor " + name + " is missing, expected shape " + shape_text(shape));
  if (!fits(tensor->shape, shape))
    return fail(fault::malformed, file.file() + ": tensor " + name + ": expected shape " + shape_text(shape) +
                                      ", got " + shape_text(tensor->shape));
  for (std::size_t i = 0; i < tensor->values.size(); ++i)
    if (!std::isfinite(tensor->values[i]))
      return fail(fault::malformed, file.file() + ": tensor " + name + ": value " + std::to_string(i) +
                                        " is not finite (" + std::to_string(tensor->values[i]) + ")");
  return tensor;
}

result<void> fold_batch_norm(const checkpoint& file, const std::string& prefix, linear_layer& layer) {
  const auto rows = static_cast<std::int64_t>(layer.rows);
  std::vector<const named_tensor*> tensors;
  for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
    auto tensor = find_tensor(file, prefix + part, {rows});
    if (!tensor)
      return tl::unexpected(tensor.error());
    tensors.push_back(*tensor);
  }
  for (std::size_t r = 0; r < layer.rows; ++r) {
    const double variance = tensors[3]->values[r];
    if (variance < 0)
      return fail(fault::malformed, file.file() + ": tensor " + prefix + ".running_var: value " +
                                        std::to_string(r) + " is negative (" + std::to_string(variance) +
                                        ")");
    const double gain = tensors[0]->values[r] / std::sqrt(variance + batch_norm_epsilon);
    for (std::size_t c = 0; c < layer.columns; ++c)
      layer.at(r, c) *= gain;
    layer.bias[r] = (layer.bias[r] - tensors[2]->values[r]) * gain + tensors[1]->values[r];
  }
  return {};
}

} // namespace

result<linear_layer> read_linear(const checkpoint& file, const std::string& prefix, std::size_t rows,
                                 std::size_t columns, bool with_bias) {
  auto weight = find_tensor(file, prefix + ".weight",
                            {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)});
  if (!weight)
    return tl::unexpected(weight.error());
  linear_layer layer;
  layer.rows = static_cast<std::size_t>((*weight)->shape[0]);
  layer.columns = static_cast<std::size_t>((*weight)->shape[1]);
  layer.weight.assign((*weight)->values.begin(), (*weight)->values.end());
  layer.bias.assign(layer.rows, 0.0);
  if (with_bias) {
    auto bias = find_tensor(file, prefix + ".bias", {(*weight)->shape[0]});
    if (!bias)
      return tl::unexpected(bias.error());
    layer.bias.assign((*bias)->values.begin(), (*bias)->values.end());
  }
  return layer;
}

result<std::vector<linear_layer>> read_mlp(const checkpoint& file, std::size_t input_width) {
  std::vector<linear_layer> layers;
  std::size_t width = input_width;
  // In the Python modules every hidden layer is four entries: Linear, BatchNorm, ReLU, Dropout.
  for (std::size_t entry = 0; file.find("mlp." + std::to_string(entry) + ".weight") != nullptr; entry += 4) {
    auto layer = read_linear(file, "mlp." + std::to_string(entry), 0, width);
    if (!layer)
      return tl::unexpected(layer.error());
    if (auto folded = fold_batch_norm(file, "mlp." + std::to_string(entry + 1), *layer); !folded)
      return tl::unexpected(folded.error());
    width = layer->rows;
    layers.push_back(std::move(*layer));
  }
  if (layers.empty())
    return fail(fault::malformed, file.file() + ": tensor mlp.0.weight is missing, expected shape [any, " +
                                      std::to_string(input_width) + "]");
  auto output = read_linear(file, "output_layer", 1, width);
  if (!output)
    return tl::unexpected(output.error());
  layers.push_back(std::move(*output));
  return layers;
}

result<void> refuse_unknown_tensors(const checkpoint& file, const std::vector<std::string>& prefixes) {
  const auto known = [&](const std::string& name) {
    for (const auto& prefix : prefixes)
      if (name.compare(0, prefix.size(), prefix) == 0)
        return true;
    return false;
  };
  std::size_t entry = 0;
  while (file.find("mlp." + std::to_string(entry) + ".weight") != nullptr)
    entry += 4;
  for (const auto& tensor : file.tensors()) {
    bool expected = known(tensor.name) || known(tensor.name + ".") || tensor.name == "output_layer.weight" ||
                    tensor.name == "output_layer.bias";
    for (std::size_t layer = 0; layer < entry && !expected; layer += 4)
      expected = tensor.name == "mlp." + std::to_string(layer) + ".weight" ||
                 tensor.name == "mlp." + std::to_string(layer) + ".bias" ||
                 tensor.name.rfind("mlp." + std::to_string(layer + 1) + ".", 0) == 0;
    if (!expected && !tensor.is_counter)
      return fail(fault::unsupported, file.file() + ": tensor " + tensor.name + " is not part of this model");
  }
  return {};
}

} // namespace winnow
