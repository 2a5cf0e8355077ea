#pragma once

#include "config/error.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/csv_reader.hpp"
#include "models/training/interactions/columns/chosen_columns.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The order of interactions that have the same time, such as those of one basket.
enum class tie_order {
  file, ///< That of the rows.
  item, ///< By the items' ids, whatever order the rows have.
};

struct reading_options {
  bool strict = false;     ///< Treat the first row that cannot be read as an error.
  double least_rating = 0; ///< Drop rows with a lower rating.
  chosen_columns columns;  ///< Names of the columns; for an empty one, the names of public data sets.
  tie_order ties = tie_order::file;
};

/// Counts the rows that a reader left out, and why.
struct row_report {
  std::uint64_t rows = 0;                       ///< Data rows read.
  std::uint64_t duplicates = 0;                 ///< Rows that only repeat pairs (in metadata: an id).
  std::uint64_t repeated_items = 0;             ///< Of lists in other rows: items of pairs that are known.
  std::uint64_t below = 0;                      ///< Rows with a rating below `least_rating`.
  std::uint64_t others = 0;                     ///< In metadata: rows of items that nobody took.
  std::uint64_t without_items = 0;              ///< Lists of users who took nothing: no mistake.
  std::uint64_t not_taken = 0;                  ///< Rows of items that a user saw and did not take: the same.
  std::uint64_t refused = 0;                    ///< Rows that could not be read.
  std::map<std::string, std::uint64_t> reasons; ///< The same by reason, as a phrase behind `rows`.
  std::vector<std::string> complaints;          ///< `file:line:column: …` of the first ten refused rows.
  std::vector<std::string> remarks;             ///< What else was noticed, once each.

  /// Counts a row that cannot be read. @param what The reason as a phrase, such as `without a user's id`.
  /// @return `reason` if the options are strict.
  result<void> refuse(const error& reason, const reading_options& options, const char* what);
  result<void> refuse(const tl::unexpected<error>& reason, const reading_options& options, const char* what) {
    return refuse(reason.value(), options, what);
  }

  /// Counts a row that is no record of the file's dialect.
  result<void> refuse_record(const error& reason, const reading_options& options) {
    return refuse(reason, options, "with damaged quotes");
  }

  /// Counts a row whose id has control characters: it is damaged. @param offset Of the id in the row.
  result<void> refuse_id(const csv_reader& row, std::size_t offset, std::string_view id,
                         const reading_options& options);

  /// Whether anything was left out that its writer may have meant.
  bool left_anything_out() const noexcept {
    return refused + below + duplicates + others + repeated_items > 0;
  }

  /// Remarks on the files in a folder of parts that are not read. Nothing if the path is no folder.
  void note_others_in(const std::filesystem::path& folder);

  /// One line: `8 rows read, 2 used; left out: 5 without an item's id, 1 repeated`. Of lists, also how many
  /// items of the rows that were used are left out: `3 rows read, 3 used; left out: 2 repeated items in
  /// lists`.
  std::string totals() const;

  /// The complaints, the remarks and the totals, for the log.
  std::vector<std::string> lines(const std::string& source) const;

private:
  std::uint64_t unused_rows() const noexcept;
};

/// Reads all records that are left in a file, and counts them.
/// @param take_row Called with the reader at each record of the file's dialect; its error ends the reading.
template<class TakeRow>
result<void> read_records(csv_reader& file, const reading_options& options, row_report& report,
                          TakeRow take_row) {
  for (;;) {
    auto more = file.next();
    if (more && !*more)
      return {};
    if (!more && more.error().cause != fault::malformed)
      return tl::unexpected(more.error());
    ++report.rows;
    if (result<void> taken = more ? take_row(file) : report.refuse_record(more.error(), options); !taken)
      return taken;
  }
}

} // namespace winnow
