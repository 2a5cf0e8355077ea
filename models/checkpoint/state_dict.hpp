#pragma once

#include "config/error.hpp"
#include "models/checkpoint/pickle_reader.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// A tensor of a state dict that is not read yet; both point into the pickle.
struct tensor_entry {
  std::string_view name;
  const pickle_value* tensor = nullptr;
};

/// Finds the state dict in what was saved and lists its tensors in order, wrapping names stripped.
/// @return `malformed` where there is none, or more than one, or a name that occurs twice.
result<std::vector<tensor_entry>> find_state_dict(const pickle& saved);

/// Numbers, texts and flat lists of the root and of its `config` or `model_config`, as text.
std::vector<std::pair<std::string, std::string>> find_settings(const pickle& saved);

} // namespace winnow
