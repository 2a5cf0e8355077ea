#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The type of the elements of a tensor's storage.
enum class element_type { float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

/// Returns the size of one element in bytes.
std::size_t size_of(element_type type) noexcept;

/// Whether the elements are whole numbers.
bool is_integer(element_type type) noexcept;

/// Returns PyTorch's name for the type, e.g. `float32`.
std::string_view to_string(element_type type) noexcept;

/// Refers to a value of a pickle: an index into `pickle::values`.
using pickle_ref = std::uint32_t;

enum class pickle_kind {
  none,
  boolean,
  integer,
  real,
  text,
  list,
  tuple,
  dict,
  global,
  storage,
  tensor,
  opaque, ///< A value that only running code, or more than this reader knows, could make. It was skipped.
};

/// One value. Values refer to each other by index, not by pointer: a hostile pickle may be nested a million
/// levels deep or contain itself, and neither reading nor freeing it recurses.
struct pickle_value {
  pickle_kind kind = pickle_kind::none;
  element_type element = element_type::float32; ///< Element type of a storage.
  /// The integer or boolean; a storage's element count; a tensor's offset in elements; a global's
  /// `global_role`; an opaque value's index in `pickle::refusals`.
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text; ///< The text; a global's name; the key of a storage's record.
  /// The members. For a dict: key, value, key, …; for a tensor: storage, shape, strides.
  std::vector<pickle_ref> items;
};

/// Begins the refusal of an `nn.Module` that was saved as a whole.
inline constexpr std::string_view whole_module = "refused a whole pickled module";

/// All values of a pickle. Texts point into the pickle's bytes.
struct pickle {
  std::vector<pickle_value> values;
  pickle_ref root = 0;
  std::vector<std::string> refusals; ///< Why values are opaque, e.g. `refused global posix.system`.

  /// Why a value is opaque.
  const std::string& refusal(const pickle_value& opaque) const {
    return refusals[static_cast<std::size_t>(opaque.integer)];
  }

  const pickle_value& operator[](pickle_ref ref) const { return values[ref]; }

  /// Returns the value for a text key of a dict (the last one if the key is repeated, as in Python), or null.
  const pickle_value* find(const pickle_value& dict, std::string_view key) const;
};

/// Limits for reading a pickle.
struct pickle_limits {
  std::size_t max_bytes = std::size_t{64} << 20U;
  std::size_t max_values =
      5'000'000; ///< About 100 bytes each; a dict of a million ids beside the weights has two.
};

/// Reads a pickle that holds a state dict: numbers, texts, lists, tuples, dicts and tensors. Runs no code:
/// what opcodes and globals that a state dict does not need would make becomes an opaque value, as does all
/// that is made of it. @return `malformed` if the pickle is damaged, `unsupported` for opcodes that no
/// `torch.save` writes.
/// @param bytes Must outlive the result.
result<pickle> read_pickle(std::string_view bytes, const pickle_limits& limits = {});

} // namespace winnow
