#pragma once

#include "models/attributes/item_attributes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Private to `item_attributes`: what the values of a column are.

/// The texts of a column as they are in the file, by row.
struct column_texts {
  /// Where the first text stands that may be a code, see `is_code`.
  struct code_place {
    id_table::index text = 0;
    std::uint64_t line = 0;
  };

  std::string name;
  id_table texts;
  std::vector<std::uint32_t> of_rows; ///< Index + 1; 0 if missing.
  char delimiter = ',';               ///< Between the fields of the file.
  std::optional<code_place> code;
};

/// Why a column of numbers is one of texts.
struct code_among_numbers {
  std::uint64_t line = 0;
  std::string text;
  bool is_one_of_codes = false; ///< All numbers have the same length, as codes have.
};

struct typed_attribute {
  attribute_column column;
  std::optional<code_among_numbers> code;
};

/// Finds the type of a column, and reads its texts as values of it.
typed_attribute typed_column(const column_texts& from);

} // namespace winnow
