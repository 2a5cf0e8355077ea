#include "models/ranking/layer_loading.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <set>

namespace winnow {

namespace {

constexpr double batch_norm_epsilon = 1e-5; // PyTorch's default; a state dict does not contain it

constexpr std::array batch_norm_parts{".weight", ".bias", ".running_mean", ".running_var"};

constexpr std::int64_t any_size = 0;

std::string shape_text(const std::vector<std::int64_t>& shape, const char* of_zero) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + (shape[i] == 0 ? std::string(of_zero) : std::to_string(shape[i]));
  return text + "]";
}

std::string expected_shape(const std::vector<std::int64_t>& shape) {
  return shape_text(shape, "any");
}

bool fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& expected) {
  if (shape.size() != expected.size())
    return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (expected[i] == any_size ? shape[i] == 0 : shape[i] != expected[i])
      return false;
  return true;
}

/// Finds tensor `name` and checks its shape; `0` in `shape` matches any size. Refuses integers, which are
/// quantised weights without their scale, and values that are not finite.
result<const named_tensor*> find_tensor(const checkpoint& file, const std::string& name,
                                        const std::vector<std::int64_t>& shape) {
  const named_tensor* tensor = file.find(name);
  if (const auto* refusal = file.refusal(name); tensor == nullptr && refusal != nullptr)
    return fail(fault::unsupported, file.file() + ": tensor " + name + ": " + *refusal);
  if (tensor == nullptr)
    return fail(fault::malformed,
                file.file() + ": tensor " + name + " is missing, expected shape " + expected_shape(shape));
  if (!fits(tensor->shape, shape))
    return fail(fault::malformed, file.file() + ": tensor " + name + ": expected shape " +
                                      expected_shape(shape) + ", got " + shape_text(tensor->shape, "0"));
  if (tensor->is_integral)
    return fail(fault::unsupported, file.file() + ": tensor " + name +
                                        ": expected floating-point numbers, got integers: save the weights "
                                        "as they are before they are quantised");
  for (std::size_t i = 0; i < tensor->values.size(); ++i)
    if (!std::isfinite(tensor->values[i]))
      return fail(fault::malformed, file.file() + ": tensor " + name + ": value " + std::to_string(i) +
                                        " is not finite (" + std::to_string(tensor->values[i]) + ")");
  return tensor;
}

result<void> fold_batch_norm(const checkpoint& file, const std::string& prefix, linear_layer& layer) {
  const auto rows = static_cast<std::int64_t>(layer.rows);
  std::vector<const named_tensor*> tensors;
  for (const char* part : batch_norm_parts) {
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

/// In the Python modules every hidden layer is four entries: Linear, BatchNorm, ReLU, Dropout.
constexpr std::size_t entries_per_layer = 4;

std::string mlp_entry(std::size_t entry) {
  return "mlp." + std::to_string(entry);
}

/// The number of entries that the hidden layers take. A layer whose weights could not be read counts, so that
/// these are what the message names.
std::size_t mlp_entries(const checkpoint& file) {
  std::size_t entry = 0;
  for (;; entry += entries_per_layer)
    if (const auto name = mlp_entry(entry) + ".weight";
        file.find(name) == nullptr && file.refusal(name) == nullptr)
      return entry;
}

/// The names of what `read_mlp` reads, and of what PyTorch keeps beside it.
std::set<std::string> mlp_tensors(const checkpoint& file) {
  std::set<std::string> names{"output_layer.weight", "output_layer.bias"};
  const auto entries = mlp_entries(file);
  for (std::size_t entry = 0; entry < entries; entry += entries_per_layer) {
    for (const char* part : {".weight", ".bias"})
      names.insert(mlp_entry(entry) + part);
    for (const char* part : batch_norm_parts)
      names.insert(mlp_entry(entry + 1) + part);
    names.insert(mlp_entry(entry + 1) + ".num_batches_tracked"); // not always an integer
  }
  return names;
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
  const auto entries = mlp_entries(file);
  for (std::size_t entry = 0; entry < entries; entry += entries_per_layer) {
    auto layer = read_linear(file, mlp_entry(entry), 0, width);
    if (!layer)
      return tl::unexpected(layer.error());
    if (auto folded = fold_batch_norm(file, mlp_entry(entry + 1), *layer); !folded)
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

result<void> refuse_unknown_tensors(const checkpoint& file, const std::vector<std::string>& besides) {
  auto known = mlp_tensors(file);
  known.insert(besides.begin(), besides.end());
  for (const auto& tensor : file.tensors())
    if (known.count(tensor.name) == 0 && !tensor.is_counter)
      return fail(fault::unsupported, file.file() + ": tensor " + tensor.name + " is not part of this model");
  return {};
}

} // namespace winnow
