#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <filesystem>
#include <gsl/span>
#include <string>
#include <vector>

namespace winnow {

/// A block of columns of a table.
struct table_part {
  std::vector<std::string> columns;
  const float* values = nullptr; ///< Row-major.
  std::size_t stride = 0;        ///< Floats from one row to the next.
};

/// Writes a header `id,column,…` and one line per id, with the columns of all parts side by side. Writes each
/// number in the shortest form that parses to the same float32. Blocking.
result<void> write_table(const std::filesystem::path& path, const std::string& id_column, const id_table& ids,
                         gsl::span<const table_part> parts);

/// The names `prefix` + 0, 1, 2 …
std::vector<std::string> numbered(const std::string& prefix, std::size_t count);

} // namespace winnow
