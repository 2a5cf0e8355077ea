#pragma once

#include "config/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Strips from the names of a state dict's tensors what wrappers and trainers add, in any order and depth:
/// - parts of wrappers, anywhere: `_orig_mod`, `_fsdp_wrapped_module` and others that begin with `_`, and
/// `module`;
/// - before the parts of DIN and RankNet (`mlp`, `item_embedding`, …), the prefix that all of these have:
/// `model.`.
/// @return The names in the same order; empty for a name that is no part of the model: it is outside of the
///   common prefix, or belongs to a loss or a metric (`criterion.pos_weight`). Other names are kept, because
///   they may belong to a model that computes something else. `malformed` if two would be equal, or if there
///   are several prefixes.
result<std::vector<std::string>> plain_names(const std::vector<std::string>& names);

/// Whether this is the name of a tensor in a part of DIN or RankNet, with anything before it.
bool is_in_model_part(std::string_view name);

} // namespace winnow
