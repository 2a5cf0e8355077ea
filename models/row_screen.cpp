#include "models/row_screen.hpp"

#include "models/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {

namespace {

using kernels::block_rows;
using kernels::screen_width;

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

/// Rounds the vector to multiples of `scale`; whether the bytes are not too long together.
bool round_to(gsl::span<const float> vector, float scale, std::int8_t* bytes) {
  // Adding and taking away this rounds to a whole number, and unlike a call to round it is vectorised.
  constexpr float rounder = 12582912.0f;
  const float inverse = 1 / scale;
  const float* const values = vector.data();
  for (std::size_t k = 0; k < vector.size(); ++k)
    bytes[k] = static_cast<std::int8_t>((values[k] * inverse + rounder) - rounder);
  const auto squares = sum_of<std::int64_t>(vector.size(), [&](std::size_t k) {
    const std::int32_t byte = bytes[k];
    return byte * byte;
  });
  return squares <= kernels::most_squares;
}

/// The least scale at which no byte is above `peak` and, but for rounding, the bytes are not too long.
float scale_for(gsl::span<const float> vector, double norm, float peak) {
  float highest = 0;
  for (const float value : vector)
    highest = std::max(highest, std::abs(value));
  // Rounding adds a twelfth to each square on average.
  const double room = kernels::most_squares - static_cast<double>(vector.size()) / 6;
  const double by_length = norm / std::sqrt(std::max(room, kernels::most_squares / 2.0));
  const double by_peak = static_cast<double>(highest) / static_cast<double>(peak);
  return static_cast<float>(std::max(by_length, by_peak) * rounding_up);
}

/// @param bytes As long as the vector.
byte_form to_bytes(gsl::span<const float> vector, float peak, std::int8_t* bytes) {
  byte_form form;
  form.norm = std::sqrt(sum_of_squares(vector));
  if (!(form.norm > 1e-25) || !(form.norm < greatest_product)) { // nothing to tell, or not to be told
    std::fill_n(bytes, vector.size(), std::int8_t{0});
    if (!(form.norm < greatest_product))
      form.norm = std::numeric_limits<double>::infinity();
    form.deviation = form.norm;
    return form;
  }
  form.scale = scale_for(vector, form.norm, peak);
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

row_screen::row_screen(const feature_table& rows, gsl::span<const std::uint32_t> order)
    : rows_(order.size()), pairs_((rows.width + 1) / 2) {
  const std::size_t padded = (rows_ + screen_width - 1) / screen_width * screen_width;
  words_.assign(padded * pairs_, 128 * 0x101);
  scale_.resize(rows_);
  deviation_.resize(rows_);
  norm_.resize(rows_);
  std::vector<std::int8_t> bytes(2 * pairs_);
  for (std::size_t at = 0; at < rows_; ++at) {
    const auto form = to_bytes({rows.row(order[at]), rows.width}, kernels::row_peak, bytes.data());
    scale_[at] = form.scale;
    deviation_[at] = raised(form.deviation);
    norm_[at] = raised(form.norm);
    if (at % block_rows == 0)
      blocks_.push_back({form.scale, form.scale, 0, 0});
    auto& extremes = blocks_.back();
    extremes.least_scale = std::min(extremes.least_scale, form.scale);
    extremes.greatest_scale = std::max(extremes.greatest_scale, form.scale);
    extremes.deviation = std::max(extremes.deviation, deviation_[at]);
    extremes.norm = std::max(extremes.norm, norm_[at]);
    greatest_norm_ = std::max(greatest_norm_, norm_[at]);
    auto* const to = words_.data() + at / screen_width * screen_width * pairs_ + at % screen_width;
    for (std::size_t pair = 0; pair < pairs_; ++pair)
      to[pair * screen_width] =
          static_cast<std::uint16_t>((bytes[2 * pair] + 128) | (bytes[2 * pair + 1] + 128) << 8);
  }
}

void row_screen::bound_leads(const kernels::screen_query& query, std::size_t first_block,
                             gsl::span<const std::int16_t> leads, float* lower) const {
  const std::int16_t* from = leads.data();
  for (std::size_t b = first_block; b < first_block + leads.size() / screen_width; ++b) {
    const auto& block = blocks_[b];
    const float error = block.deviation * query.deviation_weight + block.norm * query.norm_weight;
    const float above = block.least_scale * query.scale, below = block.greatest_scale * query.scale;
    for (std::size_t place = 0; place < screen_width; ++place) {
      const auto sum = static_cast<float>(from[place]);
      lower[place] = (sum < 0 ? sum * below : sum * above) - error;
    }
    from += screen_width;
    lower += screen_width;
  }
}

void row_screen::set_bars(const kernels::screen_query& query, std::size_t first_block, float limit,
                          gsl::span<std::int16_t> bars) const {
  constexpr float least_unit = 1e-37f; // what can be divided by
  constexpr float lowest = kernels::struck_out + 3, highest = 32767;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto& block = blocks_[first_block + i];
    const float least = limit - (block.deviation * query.deviation_weight + block.norm * query.norm_weight);
    const float unit = (least > 0 ? block.greatest_scale : block.least_scale) * query.scale;
    const float sum = least > 0 ? least / std::max(unit, least_unit) : least / unit;
    // What is no number bars nothing; two less make up for all rounding.
    bars.data()[i] =
        sum > lowest ? static_cast<std::int16_t>(std::min(sum, highest) - 2) : kernels::struck_out;
  }
}

void screened_queries::reset(const row_screen& screen, std::size_t most) {
  pairs_ = screen.pairs();
  greatest_norm_ = screen.greatest_norm();
  queries_.clear();
  queries_.reserve(most);
  words_.resize(most * pairs_);
  bytes_.assign(2 * pairs_, 0);
}

void screened_queries::append(gsl::span<const float> query) {
  const auto form = to_bytes(query, kernels::query_peak, bytes_.data());
  auto* const words = words_.data() + queries_.size() * pairs_;
  for (std::size_t pair = 0; pair < pairs_; ++pair) {
    const auto both = static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[2 * pair])) |
                      static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[2 * pair + 1])) << 8U;
    words[pair] = static_cast<std::int32_t>(both * 0x10001U);
  }
  std::int32_t sum = 0, squares = 0;
  for (const std::int32_t byte : bytes_) {
    sum += byte;
    squares += byte * byte;
  }
  const double norm = std::max(form.norm, least_norm);
  // The exact product is off by less than width * 2^-23 of the norms' product, the bound by a few 2^-24.
  const double rounding = (static_cast<double>(query.size()) + 64) / (1U << 23U);
  const bool told = norm * greatest_norm_ < greatest_product;
  queries_.push_back(
      {words, static_cast<std::uint16_t>(-128 * sum), form.scale, raised(form.scale * std::sqrt(squares)),
       told ? raised(form.deviation + norm * rounding) : std::numeric_limits<float>::quiet_NaN()});
}

} // namespace winnow
