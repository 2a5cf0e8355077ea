#include "models/recall/row_screen.hpp"

#include "models/kernels/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace winnow {

namespace {

using kernels::block_rows;
using kernels::quad;

// The greatest sum that a kernel returns, apart from rounding.
constexpr double greatest_sum = 32765;

// Smaller lengths count as this, to allow for what denormal numbers lose.
constexpr double least_norm = 1e-14;

// From here on a float sum could overflow.
constexpr double greatest_product = 1e37;

// A double times this is an upper bound also after its conversion to float.
constexpr double rounding_up = 1 + 1e-6;

struct byte_form {
  float scale = 0;
  double norm = 0;      // length of the vector
  double byte_norm = 0; // length of its bytes, not scaled
  double deviation = 0; // length of the vector less its scaled bytes
};

/// The numbers whose products go into one 16-bit sum are a group. Returns the greatest sum of squares of a
/// group.
template<class Sum, class Number>
Sum greatest_squares(gsl::span<const Number> numbers, std::size_t segment) {
  Sum greatest = 0;
  for (std::size_t begin = 0; begin < numbers.size(); begin += segment) {
    Sum squares[2] = {};
    for (std::size_t k = begin; k < std::min(begin + segment, numbers.size()); ++k) {
      const auto number = Sum{0} + numbers.data()[k]; // widened
      squares[kernels::in_second_sum(k)] += number * number;
    }
    greatest = std::max({greatest, squares[0], squares[1]});
  }
  return greatest;
}

/// Rounds the vector to multiples of `scale`.
void round_to(gsl::span<const float> vector, float scale, std::int8_t* bytes) {
  // Adding and subtracting this rounds to an integer. Unlike a call to std::round, it is vectorised.
  constexpr float rounder = 12582912.0f;
  const float inverse = 1 / scale;
  const float* const values = vector.data();
  for (std::size_t k = 0; k < vector.size(); ++k)
    bytes[k] = static_cast<std::int8_t>((values[k] * inverse + rounder) - rounder);
}

/// Returns the least scale at which no byte is above `peak` and, apart from rounding, no sum is too great.
float scale_for(gsl::span<const float> vector, float peak, std::size_t segment) {
  float highest = 0;
  for (const float value : vector)
    highest = std::max(highest, std::abs(value));
  double scale = static_cast<double>(highest) / static_cast<double>(peak);
  if (segment > 0) {
    // Rounding adds a twelfth to each square on average.
    const double room = kernels::most_squares - static_cast<double>(segment) / 12;
    scale = std::max(scale, std::sqrt(greatest_squares<double>(vector, segment) / room));
  }
  return static_cast<float>(scale * rounding_up);
}

/// Whether bytes can represent a vector of this length.
bool fits_bytes(double norm) {
  return norm > 1e-25 && norm < greatest_product;
}

/// Returns the least scale for the vector; 0 if bytes cannot represent it.
/// @param bytes Scratch to try scales with, as long as the vector.
float settle_scale(gsl::span<const float> vector, double norm, float peak, std::size_t segment,
                   std::int8_t* bytes) {
  if (!fits_bytes(norm))
    return 0;
  float scale = scale_for(vector, peak, segment);
  if (segment == 0) // sums have 32 bits: no bytes are too great
    return scale;
  const gsl::span<const std::int8_t> tried(bytes, vector.size());
  round_to(vector, scale, bytes);
  while (greatest_squares<std::int32_t>(tried, segment) > kernels::most_squares) {
    scale *= 1.01f;
    round_to(vector, scale, bytes);
  }
  return scale;
}

/// Converts the vector to bytes.
/// @param bytes Out: as long as the vector.
byte_form to_bytes(gsl::span<const float> vector, double norm, float scale, std::int8_t* bytes) {
  byte_form form;
  form.scale = scale;
  form.norm = norm;
  if (!fits_bytes(norm)) {
    std::fill_n(bytes, vector.size(), std::int8_t{0});
    if (!(norm < greatest_product))
      form.norm = std::numeric_limits<double>::infinity();
    form.deviation = form.norm;
    return form;
  }
  round_to(vector, scale, bytes);
  form.byte_norm = std::sqrt(static_cast<double>(
      sum_of<std::int64_t>(vector.size(), [&](std::size_t k) { return bytes[k] * bytes[k]; })));
  const float* const values = vector.data();
  form.deviation = std::sqrt(sum_of<double>(vector.size(), [&](std::size_t k) {
    const double rest = values[k] - static_cast<double>(scale) * bytes[k];
    return rest * rest;
  }));
  return form;
}

/// Returns the greatest length that a row's bytes can have.
double greatest_byte_norm(std::size_t width, std::size_t segment) {
  const double by_peak = static_cast<double>(kernels::row_peak) * std::sqrt(static_cast<double>(width));
  if (segment == 0)
    return by_peak;
  const std::size_t sums = 2 * ((width + segment - 1) / segment);
  return std::min(by_peak, std::sqrt(kernels::most_squares * static_cast<double>(sums)));
}

float raised(double value) {
  return static_cast<float>(std::max(value, least_norm) * rounding_up);
}

} // namespace

row_screen::row_screen(const feature_table& rows, gsl::span<const std::uint32_t> order)
    : rows_(order.size()), quads_((rows.width + quad - 1) / quad) {
  const std::size_t padded = (rows_ + block_rows - 1) / block_rows * block_rows;
  bytes_.assign(padded * quads_ * quad, 128);
  deviation_.resize(rows_);
  norm_.resize(rows_);
  for (std::size_t first = 0; first < rows_; first += block_rows)
    add_block(rows, order.subspan(first, std::min(block_rows, rows_ - first)), first);
}

void row_screen::add_block(const feature_table& rows, gsl::span<const std::uint32_t> order,
                           std::size_t first) {
  const std::size_t segment = kernels::form_of_screens().segment;
  const auto row = [&](std::size_t i) { return gsl::span<const float>(rows.row(order[i]), rows.width); };
  std::vector<std::int8_t> bytes(quads_ * quad);
  std::vector<double> norms(order.size());
  kernels::screen_block block{0, 0, 0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    norms[i] = std::sqrt(sum_of_squares(row(i)));
    block.scale =
        std::max(block.scale, settle_scale(row(i), norms[i], kernels::row_peak, segment, bytes.data()));
  }
  // Sums are rounded to a unit of 2^shift; see `screened_queries::append`.
  const double of_unit =
      static_cast<double>(block.scale) * greatest_byte_norm(quads_ * quad, segment) / greatest_sum;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto form = to_bytes(row(i), norms[i], block.scale, bytes.data());
    deviation_[first + i] = raised(form.deviation + of_unit);
    norm_[first + i] = raised(form.norm);
    block.deviation = std::max(block.deviation, deviation_[first + i]);
    block.norm = std::max(block.norm, norm_[first + i]);
    put(first + i, bytes.data());
  }
  greatest_norm_ = std::max(greatest_norm_, block.norm);
  blocks_.push_back(block);
}

void row_screen::put(std::size_t position, const std::int8_t* bytes) {
  auto* const to =
      bytes_.data() + (position / block_rows * block_rows * quads_ + position % block_rows) * quad;
  for (std::size_t q = 0; q < quads_; ++q)
    for (std::size_t c = 0; c < quad; ++c)
      to[q * block_rows * quad + c] = static_cast<std::uint8_t>(bytes[q * quad + c] + 128);
}

void row_screen::set_bars(const kernels::screen_query& query, std::size_t first_block, float limit,
                          gsl::span<std::int16_t> bars) const {
  constexpr float least_unit = 1e-37f; // avoids a division by zero
  constexpr float lowest = kernels::excluded_sum + 3, highest = 32767;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto& block = blocks_[first_block + i];
    const float least = limit - block.error(query);
    const float unit = block.scale * query.scale;
    const float sum = least > 0 ? least / std::max(unit, least_unit) : least / unit;
    // NaN rules out no row. Subtracting two allows for all rounding.
    bars.data()[i] =
        sum > lowest ? static_cast<std::int16_t>(std::min(sum, highest) - 2) : kernels::excluded_sum;
  }
}

void screened_queries::reset(const row_screen& screen, std::size_t most) {
  screen_ = &screen;
  form_ = kernels::form_of_screens();
  const std::size_t width = screen.quads() * quad;
  starts_each_ = form_.segment == 0 ? 1 : (width + form_.segment - 1) / form_.segment;
  queries_.clear();
  queries_.reserve(most);
  quads_.resize(most * screen.quads());
  starts_.resize(most * starts_each_);
  bytes_.assign(width, 0);
}

/// Writes the initial values of the query's sums, which cancel the 128 that is added to the rows' bytes.
void screened_queries::write_starts(std::int32_t* starts) const {
  constexpr std::int32_t added = 128;
  if (form_.segment == 0) {
    *starts = -added * std::accumulate(bytes_.begin(), bytes_.end(), std::int32_t{0});
    return;
  }
  for (std::size_t begin = 0; begin < bytes_.size(); begin += form_.segment) {
    std::uint32_t sums[2] = {};
    for (std::size_t k = begin; k < std::min(begin + form_.segment, bytes_.size()); ++k)
      sums[kernels::in_second_sum(k)] -= static_cast<std::uint32_t>(added * bytes_[k]);
    *starts++ = static_cast<std::int32_t>((sums[0] & 0xFFFFU) | sums[1] << 16U);
  }
}

void screened_queries::append(gsl::span<const float> query) {
  const double length = std::sqrt(sum_of_squares(query));
  const float scale = settle_scale(query, length, form_.query_peak, form_.segment, bytes_.data());
  const auto form = to_bytes(query, length, scale, bytes_.data());
  auto* const words = quads_.data() + queries_.size() * screen_->quads();
  for (std::size_t q = 0; q < screen_->quads(); ++q) {
    std::uint32_t word = 0;
    for (std::size_t c = 0; c < quad; ++c)
      word |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[q * quad + c])) << 8 * c;
    words[q] = static_cast<std::int32_t>(word);
  }
  auto* const starts = starts_.data() + queries_.size() * starts_each_;
  write_starts(starts);

  // The shift makes the greatest possible sum fit 16 bits. Rounding loses at most half of 2^shift. That is at
  // most the length of the query's bytes times the allowance in the rows' deviations.
  int shift = 0;
  for (double most = form.byte_norm * greatest_byte_norm(bytes_.size(), form_.segment); most > greatest_sum;
       most /= 2)
    ++shift;
  const double norm = std::max(form.norm, least_norm);
  // Relative to the product of the norms, the exact product has an error below width * 2^-23, the bound a few
  // 2^-24.
  const double rounding = (static_cast<double>(query.size()) + 64) / (1U << 23U);
  const bool in_range = norm * static_cast<double>(screen_->greatest_norm()) < greatest_product;
  queries_.push_back(
      {words, starts, shift, std::ldexp(form.scale, shift),
       raised(static_cast<double>(form.scale) * form.byte_norm),
       in_range ? raised(form.deviation + norm * rounding) : std::numeric_limits<float>::quiet_NaN()});
}

} // namespace winnow
