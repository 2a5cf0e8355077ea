#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// Bits, one for each row of the attributes.
class row_set {
public:
  explicit row_set(std::size_t rows, bool all = false);

  bool has(std::size_t row) const noexcept { return (words_[row / 64] >> (row % 64)) & 1U; }
  void add(std::size_t row) noexcept { words_[row / 64] |= std::uint64_t{1} << (row % 64); }
  std::uint64_t word(std::size_t at) const noexcept { return words_[at]; } ///< Of the rows from 64 * `at` on.

  /// The rows whose value is within [least, most]. @param values By row; may be fewer than there are rows.
  void mark_within(gsl::span<const double> values, double least, double most) noexcept;
  void intersect(const row_set& other) noexcept;
  void unite(const row_set& other) noexcept;
  void invert() noexcept; ///< Bits behind the last row are unspecified afterwards.

private:
  std::vector<std::uint64_t> words_;
};

} // namespace winnow
