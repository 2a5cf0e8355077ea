#pragma once

#include "models/checkpoint/pickle_reader.hpp"

#include <optional>
#include <string_view>

namespace winnow {

/// What the reader does with a Python name that a pickle imports.
enum class global_role {
  ordered_dict,      ///< Called without arguments: an empty dict.
  rebuild_tensor,    ///< Called with a storage, an offset, a shape and strides.
  rebuild_parameter, ///< Called with a tensor: that tensor.
  pass_through,      ///< Called with one argument that stands for it (`torch.Size`, `torch.device`).
  storage_type,      ///< Only named, in a persistent id.
  constant,          ///< Only named (`torch.float32` in a config).
};

/// One of the few names that a state dict needs.
struct known_global {
  std::string_view name; ///< `module.name`
  global_role role = global_role::constant;
  element_type element = element_type::float32; ///< Of a storage type.
};

/// The entry for a name, or null for every name that is refused.
const known_global* find_global(std::string_view module, std::string_view name);

/// The name of a pickle opcode, for messages; empty for a byte that is none.
std::string_view opcode_name(unsigned char opcode);

} // namespace winnow
