#pragma once

#include "models/checkpoint/pickle_reader.hpp"

#include <optional>
#include <string_view>

namespace winnow {

/// How the reader treats a Python name that a pickle imports.
enum class global_role {
  ordered_dict,      ///< Called without arguments; returns an empty dict.
  default_dict,      ///< Called with what makes missing values, which is never run, or without; the same.
  rebuild_tensor,    ///< Called with a storage, an offset, a shape and strides.
  rebuild_parameter, ///< Called with a tensor; returns that tensor.
  pass_through,      ///< Returns its first argument (`torch.Size`, `torch.device`).
  storage_type,      ///< Never called; named in a persistent id.
  constant,          ///< Never called; a value such as `torch.float32` in a config.
};

/// One of the few Python names that a state dict needs.
struct known_global {
  std::string_view name; ///< `module.name`
  global_role role = global_role::constant;
  element_type element = element_type::float32; ///< Used only if `role` is `storage_type`.
};

/// Returns the entry for a name, or null if the name is refused.
const known_global* find_global(std::string_view module, std::string_view name);

/// Returns the name of a pickle opcode, for messages; empty if the byte is not an opcode.
std::string_view opcode_name(unsigned char opcode);

} // namespace winnow
