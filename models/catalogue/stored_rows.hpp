#pragma once

#include "config/settings/settings.hpp"
#include "models/catalogue/number_array.hpp"

#include <cstddef>
#include <gsl/span>

namespace winnow {

/// A table of rows that are needed one at a time, such as those of users, in memory or in a mapped file, in
/// single or half precision. Immutable; many threads may read at once.
///
/// In half precision, a number is a 16-bit float times the table's unit. The unit is the power of two that
/// makes the largest number just fit. So a number differs from the original by at most 2^-11 of itself, or
/// 2^-39 of the largest number of the table.
class stored_rows {
public:
  stored_rows() = default;
  stored_rows(std::size_t width, float_array values) : width_(width), floats_(std::move(values)) {}
  stored_rows(std::size_t width, half_array values, float unit)
      : width_(width), halves_(std::move(values)), unit_(unit), is_half_(true) {}

  std::size_t width() const noexcept { return width_; }
  std::size_t rows() const noexcept {
    return width_ == 0 ? 0 : (is_half_ ? halves_.size() : floats_.size()) / width_;
  }
  table_precision precision() const noexcept {
    return is_half_ ? table_precision::half : table_precision::single;
  }

  /// Returns a row.
  /// @param room As wide as the rows. Receives the row unless it can be read where it is.
  gsl::span<const float> row(std::size_t at, gsl::span<float> room) const { return part(at, 0, room); }

  /// Returns `room.size()` numbers of a row, from column `first` on.
  gsl::span<const float> part(std::size_t at, std::size_t first, gsl::span<float> room) const;

  /// Returns the rows in half precision. @pre They are in single precision, and finite.
  stored_rows halved() const;

  const float_array& floats() const noexcept { return floats_; } ///< Empty in half precision.
  const half_array& halves() const noexcept { return halves_; }  ///< Empty in single precision.
  float unit() const noexcept { return unit_; }                  ///< Of the halves.

private:
  std::size_t width_ = 0;
  float_array floats_;
  half_array halves_;
  float unit_ = 1;
  bool is_half_ = false;
};

} // namespace winnow
