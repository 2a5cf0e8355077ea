#pragma once

#include "models/checkpoint/checkpoint.hpp"
#include "models/training/networks/column_scale.hpp"
#include "models/training/networks/parameter.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// For each input column of a network: the column of the earlier network that means the same; nullopt if it
/// is new.
using column_map = std::vector<std::optional<std::size_t>>;

/// Finds each of `columns` among the earlier ones, by name.
column_map map_columns(const std::vector<std::string>& columns, const std::vector<std::string>& earlier);

/// The weights of an earlier training, from which a network starts.
struct start_weights {
  std::shared_ptr<const checkpoint> from;
  std::vector<std::string> earlier_columns; ///< The input columns of an item in `from`.
  std::vector<std::string> columns;         ///< Those of the new network.
};

/// Copies a tensor of the same size.
/// @return `unsupported` if there is none, or if its size is another one: the error names both sizes.
result<void> take_tensor(const checkpoint& from, const std::string& name, parameter& into);

/// Copies the layer `name` that projects columns, in the form that standardised columns need: the inverse of
/// `fold_in_scale`. Weights of new columns are 0, so that they change nothing at first.
/// @param columns As many as `weight` has. @param scale Of the first of them; the others are not scaled.
/// @return `unsupported` as `take_tensor`.
result<void> take_projection(const checkpoint& from, const std::string& name, const column_map& columns,
                             const column_scale& scale, parameter& weight, parameter& bias);

} // namespace winnow
