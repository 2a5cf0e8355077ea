#pragma once

#include "config/error.hpp"
#include "models/catalogue/control_ids.hpp"
#include "models/catalogue/id_column.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/catalogue/number_array.hpp"
#include "models/catalogue/stored_rows.hpp"
#include "models/files/csv_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <gsl/span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Reads a CSV file with one id and `width()` numbers per line (`item_id,emb_0,emb_1,…`) row by row into the
/// caller's memory, so that a table in another layout needs no second copy. The id is in the column `item_id`
/// or `user_id`, or else in the first; columns without a name (the index of pandas) are left out. Blocking;
/// one thread at a time.
///
/// Parse errors are `malformed` and read `file:line:column: …`: the number of fields differs from the
/// header's, the id is empty, or a value is not a number, NaN, infinite or beyond float32. Ids are byte
/// strings: `0764227971` keeps its leading zero. Only blanks around them and the `.0` of pandas are left out,
/// see `id_column`. After the last row, the log says how many ids have control characters.
class float_table_reader {
public:
  /// Opens the file and reads the header. @return `malformed` if the header is missing, looks
  /// like data, or has the ids' column twice.
  static result<float_table_reader> open(const std::filesystem::path& path);

  std::size_t width() const { return columns_.size(); }

  /// The column names of the header, without the id's.
  const std::vector<std::string>& columns() const { return columns_; }

  /// What the header calls the ids.
  const std::string& id_name() const { return id_name_; }

  /// Reads the next row; returns false after the last. @param into Receives the numbers; `width()` long.
  result<bool> next(gsl::span<float> into);

  /// The id of the row that `next` read; valid until the next call.
  std::string_view id() const { return id_; }

  /// Returns an upper bound of the number of rows, for reserving memory. It is exact unless the file has
  /// blank lines or quoted line breaks. Reads the whole file: a few percent of the time that parsing takes.
  result<std::size_t> row_bound() const;

  /// Returns the error, naming both lines, for a row whose id already occurred in row `first` (from 0).
  tl::unexpected<error> refuse_duplicate(std::size_t first) const;

private:
  float_table_reader(std::filesystem::path path, csv_reader records)
      : path_(std::move(path)), records_(std::move(records)) {}

  result<void> read_row(gsl::span<float> into);
  result<void> read_header();
  result<void> choose_columns(const std::vector<std::string_view>& names);
  bool read_plain(gsl::span<float> into);
  result<void> read_fields(gsl::span<float> into);

  std::filesystem::path path_;
  csv_reader records_;
  std::string id_name_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> value_fields_; ///< By column: its field.
  std::size_t id_field_ = 0, fields_ = 0;
  id_column ids_;
  control_ids odd_ids_;
  bool is_simple_ = true; ///< Whether the id is the first field, and all others are columns.
  std::string_view id_;
};

/// The content of a whole file of ids and numbers.
struct float_table {
  id_table ids;
  std::vector<std::string> columns; ///< The column names of the header, without the id's.
  std::size_t width = 0;            ///< Numbers per row.
  float_array values;               ///< Row-major, `ids.size()` rows.
};

/// The same for a table whose rows are needed one at a time.
struct row_table {
  id_table ids;
  std::vector<std::string> columns;
  stored_rows rows;
};

/// Loads a whole file. Memory peaks at the size of the table plus one chunk of the file. An id that occurs
/// twice is `malformed`, too.
result<float_table> load_float_table(const std::filesystem::path& path);

} // namespace winnow
