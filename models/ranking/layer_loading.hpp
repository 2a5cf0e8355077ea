#pragma once

#include "config/error.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/ranking/linear_layer.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace winnow {

/// Reads `{prefix}.weight` (`rows` × `columns`, 0 for any size) and, if `with_bias`, `{prefix}.bias`.
result<linear_layer> read_linear(const checkpoint& file, const std::string& prefix, std::size_t rows,
                                 std::size_t columns, bool with_bias = true);

/// Reads the layers `mlp.0, mlp.4, mlp.8 …` and `output_layer`, which has one row. The BatchNorm after each
/// `mlp` layer is folded into it, in evaluation mode: `(x - mean) / sqrt(var + 1e-5) * weight + bias`.
result<std::vector<linear_layer>> read_mlp(const checkpoint& file, std::size_t input_width);

/// Fails (`unsupported`) if `file` has a tensor that the model does not use: its effect would silently be
/// missing from the scores. The message names the first such tensor.
/// @param besides The names of the model's tensors besides those of the layers that `read_mlp` reads.
result<void> refuse_unknown_tensors(const checkpoint& file, const std::vector<std::string>& besides);

} // namespace winnow
