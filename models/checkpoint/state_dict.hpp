#pragma once

#include "config/error.hpp"
#include "models/checkpoint/pickle_reader.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// A tensor of a state dict whose values are not read yet.
struct tensor_entry {
  std::string name;
  const pickle_value* tensor = nullptr; ///< Points into the pickle.
};

/// The content of a state dict.
struct state_dict {
  std::vector<tensor_entry> tensors; ///< In its order.
  /// Values that are no readable tensors: name, and why they were refused.
  std::vector<std::pair<std::string, std::string>> refused;
};

/// Finds the state dict in the saved object, whatever wraps it: dicts with the names of DIN's or RankNet's
/// tensors have priority over others with tensors. Strips what wrappers put before and into the names:
/// `module.` (DataParallel), `_orig_mod.` (torch.compile), `_fsdp_wrapped_module.` and others, and a common
/// prefix before the parts of DIN and RankNet, as trainer frameworks add (`model.`). What is outside of that
/// prefix, or belongs to a loss, is left out.
/// @return `malformed` if there is no state dict or more than one, or if a name occurs twice; `unsupported`
/// if the
///   object is one that only running code could make.
result<state_dict> find_state_dict(const pickle& saved);

/// Returns the numbers, texts and flat lists of the root and of its `config` and `model_config`, as text.
std::vector<std::pair<std::string, std::string>> find_settings(const pickle& saved);

} // namespace winnow
