#pragma once

#include "config/error.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/ranking/linear_layer.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace winnow {

/// Reads `{prefix}.weight` (`rows` × `columns`, 0 for any) and, if wanted, `{prefix}.bias`.
result<linear_layer> read_linear(const checkpoint& file, const std::string& prefix, std::size_t rows,
                                 std::size_t columns, bool with_bias = true);

/// Reads the layers `mlp.0, mlp.4, mlp.8 …` with the BatchNorm that follows each folded in, and
/// `output_layer`. The last one has one row. BatchNorm is in evaluation mode: `(x - mean) / sqrt(var + 1e-5)
/// * weight + bias`.
result<std::vector<linear_layer>> read_mlp(const checkpoint& file, std::size_t input_width);

/// Names the first tensor of `file` that the form does not have: scores would silently lack what it does.
result<void> refuse_unknown_tensors(const checkpoint& file, const std::vector<std::string>& prefixes);

} // namespace winnow
