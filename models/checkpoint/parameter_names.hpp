#pragma once

#include "config/error.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Strips from the names of a state dict's tensors what wrappers and trainers add, in any order and depth:
/// - parts of wrappers, anywhere: `_orig_mod`, `_fsdp_wrapped_module` and others that begin with `_`, and
/// `module`;
/// - before the parts of DIN and RankNet (`mlp`, `item_embedding`, …), the prefix that all of these have:
/// `model.`.
/// @return The names in the same order; empty for a name that is outside of the common prefix: it belongs to
///   something else, such as a loss. `malformed` if two would be equal, or if there are several prefixes.
result<std::vector<std::string>> plain_names(const std::vector<std::string>& names);

} // namespace winnow
