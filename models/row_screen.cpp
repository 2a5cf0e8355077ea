#include "models/row_screen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {

namespace {

using kernels::screen_width;
using kernels::segment_columns;

// Lengths below this are taken as this: room for what denormal numbers lose.
constexpr double least_norm = 1e-14;

// From here on a float sum could overflow.
constexpr double greatest_product = 1e37;

// Makes a double an upper bound as a float.
constexpr double rounding_up = 1 + 1e-6;

struct byte_form {
  float scale = 0;
  double norm = 0;      // of the vector
  double deviation = 0; // of what the bytes leave over
};

/// The sum of `term(k)` for all k below `count`, as several sums: one alone would wait for every addition.
template<class Sum, class Term>
Sum sum_of(std::size_t count, const Term& term) {
  constexpr std::size_t chains = 8;
  Sum sums[chains] = {};
  std::size_t k = 0;
  for (; k + chains <= count; k += chains)
    for (std::size_t c = 0; c < chains; ++c)
      sums[c] += term(k + c);
  for (; k < count; ++k)
    sums[0] += term(k);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

double squares_of(gsl::span<const float> vector) {
  const float* const values = vector.data();
  return sum_of<double>(vector.size(), [&](std::size_t k) {
    const double value = values[k];
    return value * value;
  });
}

template<class Body>
void for_segments(std::size_t width, const Body& body) {
  for (std::size_t first = 0; first < width; first += segment_columns)
    body(first, std::min(segment_columns, width - first));
}

/// Rounds the vector to multiples of `scale`; whether no segment's bytes are too long together.
bool round_to(gsl::span<const float> vector, float scale, std::int8_t* bytes) {
  // Adding and taking away this rounds to a whole number, and unlike a call to round it is vectorised.
  constexpr float rounder = 12582912.0f;
  const float inverse = 1 / scale;
  const float* const values = vector.data();
  bool fits = true;
  for_segments(vector.size(), [&](std::size_t first, std::size_t count) {
    for (std::size_t k = first; k < first + count; ++k)
      bytes[k] = static_cast<std::int8_t>((values[k] * inverse + rounder) - rounder);
    const auto squares = sum_of<std::int32_t>(count, [&](std::size_t k) {
      const std::int32_t byte = bytes[first + k];
      return byte * byte;
    });
    fits = fits && squares <= kernels::segment_squares;
  });
  return fits;
}

/// The least scale at which no byte is above `peak` and, but for rounding, no segment's bytes are too long.
float scale_for(gsl::span<const float> vector, float peak) {
  float highest = 0;
  for (const float value : vector)
    highest = std::max(highest, std::abs(value));
  double scale = static_cast<double>(highest) / static_cast<double>(peak);
  for_segments(vector.size(), [&](std::size_t first, std::size_t count) {
    // Rounding adds a twelfth to each square on average.
    const double squares = kernels::segment_squares - static_cast<double>(count) / 6;
    scale = std::max(scale, std::sqrt(squares_of(vector.subspan(first, count)) / squares));
  });
  return static_cast<float>(scale * rounding_up);
}

/// @param bytes As long as the vector.
byte_form to_bytes(gsl::span<const float> vector, float peak, std::int8_t* bytes) {
  byte_form form;
  form.norm = std::sqrt(squares_of(vector));
  if (!(form.norm > 1e-25) || !(form.norm < greatest_product)) { // nothing to tell, or not to be told
    std::fill_n(bytes, vector.size(), std::int8_t{0});
    if (!(form.norm < greatest_product))
      form.norm = std::numeric_limits<double>::infinity();
    form.deviation = form.norm;
    return form;
  }
  form.scale = scale_for(vector, peak);
  while (!round_to(vector, form.scale, bytes))
    form.scale *= 1.01f;
  const double scale = form.scale;
  const float* const values = vector.data();
  form.deviation = std::sqrt(sum_of<double>(vector.size(), [&](std::size_t k) {
    const double rest = values[k] - scale * bytes[k];
    return rest * rest;
  }));
  return form;
}

float raised(double value) {
  return static_cast<float>(std::max(value, least_norm) * rounding_up);
}

} // namespace

row_screen::row_screen(const feature_table& rows) : pairs_((rows.width + 1) / 2) {
  const std::size_t count = rows.width == 0 ? 0 : rows.values.size() / rows.width;
  const std::size_t padded = (count + screen_width - 1) / screen_width * screen_width;
  words_.assign(padded * pairs_, 128 * 0x101);
  scale_.assign(padded, 0.0f);
  deviation_.assign(padded, std::numeric_limits<float>::infinity()); // behind the last row nothing is known
  norm_.assign(padded, 0.0f);
  std::vector<std::int8_t> bytes(2 * pairs_);
  for (std::size_t row = 0; row < count; ++row) {
    const auto form =
        to_bytes({rows.row(static_cast<std::uint32_t>(row)), rows.width}, kernels::row_peak, bytes.data());
    scale_[row] = form.scale;
    deviation_[row] = raised(form.deviation);
    norm_[row] = raised(form.norm);
    greatest_norm_ = std::max(greatest_norm_, norm_[row]);
    auto* const to = words_.data() + row / screen_width * screen_width * pairs_ + row % screen_width;
    for (std::size_t pair = 0; pair < pairs_; ++pair)
      to[pair * screen_width] =
          static_cast<std::uint16_t>((bytes[2 * pair] + 128) | (bytes[2 * pair + 1] + 128) << 8);
  }
}

void screened_queries::reset(const row_screen& screen, std::size_t most) {
  pairs_ = screen.pairs();
  greatest_norm_ = screen.greatest_norm();
  queries_.clear();
  queries_.reserve(most);
  words_.resize(most * pairs_);
  bytes_.assign(2 * pairs_, 0);
  starts_.resize(most * (2 * pairs_ / segment_columns + 1));
}

void screened_queries::append(gsl::span<const float> query) {
  const auto form = to_bytes(query, kernels::query_peak, bytes_.data());
  auto* const words = words_.data() + queries_.size() * pairs_;
  for (std::size_t pair = 0; pair < pairs_; ++pair) {
    const auto both = static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[2 * pair])) |
                      static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[2 * pair + 1])) << 8U;
    words[pair] = static_cast<std::int32_t>(both * 0x10001U);
  }
  auto* const starts = starts_.data() + queries_.size() * (2 * pairs_ / segment_columns + 1);
  double squares = 0;
  for_segments(query.size(), [&](std::size_t first, std::size_t count) {
    std::int32_t sum = 0;
    for (std::size_t k = first; k < first + count; ++k) {
      sum += bytes_[k];
      squares += static_cast<double>(bytes_[k]) * bytes_[k];
    }
    starts[first / segment_columns] = static_cast<std::uint16_t>(-128 * sum);
  });
  const double norm = std::max(form.norm, least_norm);
  // The exact product is off by less than width * 2^-23 of the norms' product, the bound by a few 2^-24.
  const double rounding = (static_cast<double>(query.size()) + 64) / (1U << 23U);
  const bool told = norm * greatest_norm_ < greatest_product;
  queries_.push_back(
      {words, starts, form.scale, raised(form.scale * std::sqrt(squares)),
       told ? raised(form.deviation + norm * rounding) : std::numeric_limits<float>::quiet_NaN()});
}

} // namespace winnow
