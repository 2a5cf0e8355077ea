#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

struct reading_options {
  bool strict = false;     ///< Treat the first row that cannot be read as an error.
  double least_rating = 0; ///< Drop rows with a lower rating.
};

/// Counts the rows that a reader left out, and why.
struct row_report {
  std::uint64_t rows = 0;              ///< Data rows read.
  std::uint64_t duplicates = 0;        ///< Rows that repeat a pair (in metadata: an id).
  std::uint64_t below = 0;             ///< Rows with a rating below `least_rating`.
  std::uint64_t refused = 0;           ///< Rows that could not be read.
  std::vector<std::string> complaints; ///< `file:line:column: …` of the first ten refused rows.

  /// Counts a row that cannot be read. @return `reason` if the options are strict.
  result<void> refuse(const error& reason, const reading_options& options);
  result<void> refuse(const tl::unexpected<error>& reason, const reading_options& options) {
    return refuse(reason.value(), options);
  }
};

/// A field's text for a complaint, in quotes; cut after 40 bytes.
std::string quoted_field(std::string_view text);

} // namespace winnow
