#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

struct reading_options {
  bool strict = false;     ///< The first row that cannot be read is an error.
  double least_rating = 0; ///< Rows with a lower rating are no positive pair.
};

/// What a reader found wrong, and went on without.
struct row_report {
  std::uint64_t rows = 0;              ///< Data rows read.
  std::uint64_t duplicates = 0;        ///< Pairs (of metadata: ids) that were there already.
  std::uint64_t below = 0;             ///< Rows whose rating is below the least one wanted.
  std::uint64_t refused = 0;           ///< Rows that could not be read.
  std::vector<std::string> complaints; ///< `file:line:column: …` of the first ten of these.

  /// Counts a row that cannot be read. @return The reason again if the options are strict.
  result<void> refuse(const error& reason, const reading_options& options);
  result<void> refuse(const tl::unexpected<error>& reason, const reading_options& options) {
    return refuse(reason.value(), options);
  }
};

/// A field's text for such a complaint, cut short where it is long.
std::string quoted_field(std::string_view text);

} // namespace winnow
