#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/files/csv_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <gsl/span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Reads a CSV file of one id and `width()` numbers a line (`item_id,emb_0,emb_1,…`) row by row into memory
/// of the caller's: a table in another layout needs no second copy. Blocking; one thread at a time.
///
/// Every failure reads `file:line:column: …` and is `malformed`: another number of fields than the header
/// has, an empty id, what is no number, NaN, an infinity or a number beyond float32. Ids are bytes:
/// `0764227971` keeps its zero.
class float_table_reader {
public:
  /// Reads the header. @return `malformed` where it is missing (also: where it looks like data).
  static result<float_table_reader> open(const std::filesystem::path& path);

  std::size_t width() const { return columns_.size(); }

  /// The header's names without the id's.
  const std::vector<std::string>& columns() const { return columns_; }

  /// The next row; false after the last. @param into `width()` long.
  result<bool> next(gsl::span<float> into);

  /// The id of the row that `next` read, until the next call.
  std::string_view id() const { return id_; }

  /// How many rows there can be at most: what a table may reserve. Exact but for blank lines and quoted line
  /// breaks. Reads the file once through, which costs a few percent of the time that `next` takes for all.
  result<std::size_t> row_bound() const;

  /// The failure for a row whose id row `first` (from 0) has already; it names both lines.
  tl::unexpected<error> refuse_duplicate(std::size_t first) const;

private:
  float_table_reader(std::filesystem::path path, csv_reader records)
      : path_(std::move(path)), records_(std::move(records)) {}

  result<void> read_header();
  bool read_plain(gsl::span<float> into);
  result<void> read_fields(gsl::span<float> into);

  std::filesystem::path path_;
  csv_reader records_;
  std::vector<std::string> columns_;
  std::string_view id_;
};

/// Such a file as a whole.
struct float_table {
  id_table ids;
  std::vector<std::string> columns; ///< The header's names without the id's.
  std::size_t width = 0;            ///< Numbers a row.
  std::vector<float> values;        ///< Row-major, `ids.size()` rows.
};

/// Loads such a file; memory peaks at the table's own size and a chunk of the file. An id that occurs twice
/// is `malformed`, too.
result<float_table> load_float_table(const std::filesystem::path& path);

} // namespace winnow
