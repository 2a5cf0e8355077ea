#pragma once

#include "models/catalogue/id_table.hpp"
#include "models/training/interactions/row_report.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow {

class item_table_writer;

/// How a column of the metadata file was encoded.
struct metadata_column {
  enum class treatment {
    scaled,     ///< Numbers: zero mean and unit deviation over the known items.
    log_scaled, ///< Non-negative numbers with a long tail, such as prices: log(1 + x), then scaled.
    one_hot,    ///< Few values: a column for each that at least three items have.
    multi_hot,  ///< Like `one_hot`, with several values in a field, separated by `|`.
    /// Many values: each becomes a code of 16 signs, the bits of its XXH3 hash; the codes of several values
    /// are added.
    hashed,
    left_out, ///< Names of single items (titles), or the same value everywhere: nothing to learn from.
  };

  std::string name;
  treatment use = treatment::left_out;
  std::size_t width = 0; ///< Number of its feature columns.
  double mean = 0;       ///< Of scaled numbers, after the logarithm.
  double deviation = 1;  ///< Of scaled numbers, after the logarithm.
  std::string why;       ///< Of a column that is left out.
};

/// Numeric features of items, derived from a shop's metadata.
struct item_metadata {
  std::vector<metadata_column> sources; ///< The file's columns without the id, in file order.
  std::vector<std::string> columns; ///< Feature names: `price`, `genre=Mystery`, `author#0` to `author#15`.
  std::vector<float> values;        ///< A row of `columns.size()` an item, in the order of the ids.
  std::size_t known = 0;            ///< Number of items that are in the file.

  /// One line for the log: `price log-scaled, title left out (the same value everywhere)`.
  std::string describe() const;
};

/// Reads a table with a header (separated by commas, semicolons, tabs or bars, gzipped or not, or a folder of
/// `part-…` files) that has an item id and any other columns. If no column is named like an item id (or as
/// `options.columns` says), the first is the id. A column without a name, as pandas writes its index, is left
/// out. Each column is treated as
/// - several values a field, separated by blanks, if its name has RecBole's type for that (`:token_seq`);
/// - numbers, if all its values are, but for marks of missing ones (`NA`, `n/a`, `NaN`, `null`, `none`, `-`,
/// `\N`, in any case): scaled, after a logarithm if none is negative and the skewness is above 1; left out if
/// all are the same. Between semicolons, a comma may stand before the decimals of all of them;
/// - several values a field, if at least one field in twenty has a `|`;
/// - few values, if at most 32 values occur in at least three items each and they make up nine tenths of all
///   occurrences; rarer values give zeros;
/// - names, if there are more than half as many values as items that have one: left out;
/// - many values otherwise: hashed, the same on every machine.
///
/// Missing values are 0, also for items that the file lacks. Among texts, missing are empty cells, `NaN`,
/// `nan`, `NA`, `<NA>`, `N/A`, `n/a`, `NULL`, `null` and `\N`. Items that `items` lacks are ignored. Reads
/// the table once, so that it may be a pipe.
/// @param report Is overwritten: counts rows with the wrong number of fields, without an id, with control
/// characters in the id, and with a repeated id.
/// @param copy Receives the rows with an id, also of items that `items` lacks, but of those of one of `items`
/// the first only; null: nobody does. The caller closes it.
/// @return `malformed` if the file has no header with at least two columns or one with a name twice, if it
/// has no usable row of any of the items, or, if strict, for the first bad row; the copy's error.
result<item_metadata> read_item_metadata(const std::filesystem::path& path, const id_table& items,
                                         const reading_options& options, row_report& report,
                                         item_table_writer* copy = nullptr);

} // namespace winnow
