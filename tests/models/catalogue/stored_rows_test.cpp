#include "models/catalogue/stored_rows.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

namespace winnow {

BOOST_AUTO_TEST_SUITE(stored_rows_suite)

BOOST_AUTO_TEST_CASE(rows_in_single_precision_are_read_where_they_are) {
  const stored_rows rows(3, std::vector<float>{1, 2, 3, 4, 5, 6});
  BOOST_TEST(rows.rows() == 2U);
  std::vector<float> room(3);
  BOOST_TEST(rows.row(1, room).data() == rows.floats().data() + 3);
  BOOST_TEST(rows.part(1, 2, gsl::span<float>(room).first(1))[0] == 6.0f);
}

BOOST_AUTO_TEST_CASE(half_precision_keeps_eleven_bits_at_any_scale) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (const float scale : {1e-30f, 1e-6f, 1.0f, 1e5f, 1e30f}) {
    std::vector<float> numbers(64 * 33);
    std::generate(numbers.begin(), numbers.end(), [&] { return scale * normal(random); });
    float highest = 0;
    for (const float number : numbers)
      highest = std::max(highest, std::abs(number));
    const auto rows = stored_rows(33, numbers).halved();
    BOOST_TEST_REQUIRE((rows.precision() == table_precision::half));
    BOOST_TEST_REQUIRE(rows.rows() == 64U);
    std::vector<float> room(33);
    for (std::size_t at = 0; at < 64; ++at) {
      const auto row = rows.row(at, room);
      for (std::size_t k = 0; k < 33; ++k) {
        const float number = numbers[at * 33 + k];
        const float most = std::max(std::ldexp(std::abs(number), -11), std::ldexp(highest, -39));
        BOOST_TEST_REQUIRE(std::abs(row[k] - number) <= most, "scale " << scale << ", row " << at);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_error_of_a_halved_row_follows_its_length_and_the_largest_number) {
  constexpr std::size_t width = 64;
  std::mt19937 random(6);
  std::normal_distribution<double> normal;
  const auto length = [](const auto& numbers) {
    double sum = 0;
    for (const double number : numbers)
      sum += number * number;
    return std::sqrt(sum);
  };
  std::vector<float> numbers;
  for (int exponent = 0; exponent > -16; --exponent) // rows that differ by many orders of magnitude
    for (std::size_t k = 0; k < width; ++k)
      numbers.push_back(static_cast<float>(normal(random) * std::pow(10.0, exponent)));
  double highest = 0;
  for (const float number : numbers)
    highest = std::max(highest, std::abs(double{number}));
  const auto rows = stored_rows(width, numbers).halved();
  std::vector<float> room(width);
  for (std::size_t at = 0; at < rows.rows(); ++at) {
    const auto row = rows.row(at, room);
    std::vector<double> original, error;
    for (std::size_t k = 0; k < width; ++k) {
      original.push_back(numbers[at * width + k]);
      error.push_back(original.back() - double{row[k]});
    }
    const double most = std::ldexp(length(original), -11) + std::sqrt(width) * std::ldexp(highest, -39);
    BOOST_TEST_REQUIRE(length(error) <= most, "row " << at);
  }
}

BOOST_AUTO_TEST_CASE(halves_take_the_extremes_of_floats) {
  using limits = std::numeric_limits<float>;
  const std::vector<float> numbers = {limits::max(), -limits::max(), 0, limits::denorm_min()};
  std::vector<float> room(4);
  const auto large = stored_rows(4, numbers).halved();
  const auto row = large.row(0, room);
  BOOST_CHECK_CLOSE(row[0], limits::max(), 0.05);
  BOOST_CHECK_CLOSE(row[1], -limits::max(), 0.05);
  BOOST_TEST(row[2] == 0.0f);
  BOOST_TEST(row[3] == 0.0f);
  const auto zeros = stored_rows(2, std::vector<float>(2)).halved();
  BOOST_TEST(zeros.row(0, gsl::span<float>(room).first(2))[1] == 0.0f);
  BOOST_TEST(stored_rows(2, std::vector<float>()).halved().rows() == 0U);
  BOOST_TEST(stored_rows().rows() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
