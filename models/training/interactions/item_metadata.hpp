#pragma once

#include "models/catalogue/id_table.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow {

/// What became of a column of the metadata file.
struct metadata_column {
  enum class treatment {
    scaled,     ///< Numbers: zero mean and unit deviation over the known items.
    log_scaled, ///< Numbers from 0 on with a long tail, as prices are: log(1 + x), then scaled.
    one_hot,    ///< Few values: a column for each that at least three items have.
    multi_hot,  ///< The same for several values in one field, told apart by `|`.
    hashed,   ///< Many values: each has a code of 16 signs, the bits of its XXH3 hash; several ones are added
              ///< up.
    left_out, ///< Names of single items (titles), or the same everywhere: nothing to learn from.
  };

  std::string name;
  treatment use = treatment::left_out;
  std::size_t width = 0; ///< How many feature columns it gives.
  double mean = 0;       ///< Of scaled numbers, after the logarithm.
  double deviation = 1;  ///< The same.
};

/// Numeric features of items, from what a shop knows of them beside who took them.
struct item_metadata {
  std::vector<metadata_column> sources; ///< The file's columns without the id, in its order.
  std::vector<std::string> columns; ///< Of the features: `price`, `genre=Mystery`, `author#0` to `author#15`.
  std::vector<float> values;        ///< A row of `columns.size()` for each item, in the order of the ids.
  std::size_t known = 0;            ///< Items that the file has.

  /// One line for the log: `price log-scaled, genre one-hot (12), title left out`.
  std::string describe() const;
};

/// Reads a table with a header (commas, semicolons or tabs, gzip or not) of an item's id and any other
/// columns; without a column that is called like an id, the first is it. A column is taken for
/// - numbers, if every value that is there is one: scaled, after a logarithm if none is negative and the
/// skewness is
///   above 1; left out if all are the same;
/// - several values a field, if at least one field in twenty has a `|`;
/// - few values, if at most 32 values are those of at least three items each and make up nine tenths of all;
/// rarer ones
///   give zeros;
/// - names, if there are more than half as many values as items that have one: left out;
/// - many values otherwise: hashed, the same on every machine.
/// What is missing is 0, for an item that the file does not know, too. Items that `items` does not know do
/// not count.
/// @param report Is set, not added to: rows of the wrong width, without an id, and of an id that was there
/// before.
/// @return `malformed` for a file without a header of two columns and, if strict, for the first bad row.
result<item_metadata> read_item_metadata(const std::filesystem::path& path, const id_table& items,
                                         const reading_options& options, row_report& report);

} // namespace winnow
