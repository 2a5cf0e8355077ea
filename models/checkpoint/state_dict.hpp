#pragma once

#include "config/error.hpp"
#include "models/checkpoint/pickle_reader.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// A tensor of a state dict whose values are not read yet. Both members point into the pickle.
struct tensor_entry {
  std::string_view name;
  const pickle_value* tensor = nullptr;
};

/// Finds the state dict in the saved object and lists its tensors in order, with wrapper prefixes stripped
/// from the names.
/// @return `malformed` if there is no state dict or more than one, or if a name occurs twice.
result<std::vector<tensor_entry>> find_state_dict(const pickle& saved);

/// Returns the numbers, texts and flat lists of the root and of its `config` and `model_config`, as text.
std::vector<std::pair<std::string, std::string>> find_settings(const pickle& saved);

} // namespace winnow
