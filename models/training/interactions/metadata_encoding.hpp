#pragma once

#include "models/catalogue/id_table.hpp"
#include "models/training/interactions/item_metadata.hpp"

namespace winnow {

/// The texts of one metadata column, each kept once.
struct metadata_values {
  std::string name;
  id_table texts;
  std::vector<std::uint32_t> of_items;   ///< By item: index in `texts` plus 1, or 0 if it has none.
  bool is_sequence = false;              ///< Blanks separate several values in a text.
  char delimiter = ',';                  ///< Of the file's fields.
  std::vector<std::uint64_t> lines = {}; ///< By text: the line of the file, from 1, on which it is first.
};

/// The features of one metadata column.
struct metadata_encoding {
  metadata_column source;
  std::vector<std::string> columns; ///< Names of the `source.width` features.
  std::vector<float> rows;          ///< The features of each text, row-major.
};

/// Decides how to treat a column, as documented at `read_item_metadata`, and encodes its texts.
metadata_encoding encode_metadata(const metadata_values& values);

} // namespace winnow
