#pragma once

#include "models/catalogue/id_table.hpp"
#include "models/training/interactions/item_metadata.hpp"

namespace winnow {

/// The texts of one metadata column, each kept once.
struct metadata_values {
  std::string name;
  id_table texts;
  std::vector<std::uint32_t> of_items; ///< By item: an index in `texts` plus 1, 0 where there is none.
};

/// What became of them.
struct metadata_encoding {
  metadata_column source;
  std::vector<std::string> columns; ///< The names of `source.width` features.
  std::vector<float> rows;          ///< By text: its features.
};

/// Decides as `read_item_metadata` says what a column is taken for, and encodes its texts.
metadata_encoding encode_metadata(const metadata_values& values);

} // namespace winnow
