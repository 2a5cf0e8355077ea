#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <filesystem>
#include <gsl/span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// A field of a CSV file, quoted where it must be.
std::string csv_field(std::string_view text);

/// Rows of numbers with an id each; the columns of several such parts stand side by side.
struct table_part {
  std::vector<std::string> columns;
  const float* values = nullptr; ///< Row-major.
  std::size_t stride = 0;        ///< Floats from a row to the next.
};

/// Writes `id,column,…` and a line a row; each number in the shortest form that reads back as the same
/// float32. Blocking.
result<void> write_table(const std::filesystem::path& path, const std::string& id_column, const id_table& ids,
                         gsl::span<const table_part> parts);

/// `prefix` with 0, 1, 2 … behind it.
std::vector<std::string> numbered(const std::string& prefix, std::size_t count);

} // namespace winnow
