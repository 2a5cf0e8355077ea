#include "models/training/networks/sparse_kernels.hpp"

#include "models/kernels/aligned.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <vector>

namespace winnow {

namespace {

constexpr std::size_t width = 16;

float widened(std::uint16_t bits) {
  const std::uint32_t all = std::uint32_t{bits} << 16U;
  float value = 0;
  std::memcpy(&value, &all, sizeof value);
  return value;
}

std::vector<float> rounded(aligned_floats values) {
  values.resize(width);
  aligned_shorts bits(width);
  kernels::shorten(values.data(), width, bits.data());
  std::vector<float> out;
  for (const auto one : bits)
    out.push_back(widened(one));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sparse_kernels_suite)

BOOST_AUTO_TEST_CASE(short_numbers_are_the_nearest_ones) {
  constexpr float step = 1.0f / 128; // between short numbers from 1 to 2
  const auto got = rounded({1, 1 + step, 1 + 0.4f * step, 1 + 0.6f * step, 1 + 0.5f * step, 1 + 1.5f * step,
                            -1 - 0.6f * step, 0, 1e-30f, -3e30f});
  BOOST_CHECK_EQUAL(got[0], 1);
  BOOST_CHECK_EQUAL(got[1], 1 + step);
  BOOST_CHECK_EQUAL(got[2], 1);
  BOOST_CHECK_EQUAL(got[3], 1 + step);
  BOOST_CHECK_EQUAL(got[4], 1);            // a tie: to the even one
  BOOST_CHECK_EQUAL(got[5], 1 + 2 * step); // likewise
  BOOST_CHECK_EQUAL(got[6], -1 - step);
  BOOST_CHECK_EQUAL(got[7], 0);
  BOOST_CHECK_CLOSE(got[8], 1e-30f, 0.4);
  BOOST_CHECK_CLOSE(got[9], -3e30f, 0.4);
}

BOOST_AUTO_TEST_CASE(a_row_of_short_numbers_is_gathered_as_one_of_floats) {
  for (const std::size_t columns : {16, 64, 80, 128, 208}) {
    constexpr std::size_t rows = 30;
    aligned_floats table(rows * columns), plus(columns), of_floats(columns), of_shorts(columns);
    for (std::size_t i = 0; i < table.size(); ++i)
      table[i] = std::sin(static_cast<float>(i));
    for (std::size_t k = 0; k < columns; ++k)
      plus[k] = static_cast<float>(k);
    aligned_shorts shorts(table.size());
    for (std::size_t row = 0; row < rows; ++row)
      kernels::shorten(table.data() + row * columns, columns, shorts.data() + row * columns);
    for (std::size_t i = 0; i < table.size(); ++i)
      table[i] = widened(shorts[i]);
    // Each row is read ahead into the next one, if any.
    const std::vector<std::uint32_t> neighbours{3,  29, 0, 17, 4,  4, 11, 12, 13, 14, 15, 17,
                                                21, 22, 5, 6,  17, 8, 9,  10, 28, 27, 26};
    std::vector<float> weights;
    for (const auto neighbour : neighbours)
      weights.push_back(0.1f * static_cast<float>(neighbour));
    std::vector<unsigned char> active(rows, 1);
    active[17] = 0;
    for (const std::size_t count : {std::size_t{0}, std::size_t{5}, std::size_t{20}, neighbours.size()})
      for (const unsigned char* mask : {static_cast<unsigned char*>(nullptr), active.data()}) {
        const kernels::sparse_row row{neighbours.data(), weights.data(), count, neighbours.size() - count};
        kernels::gather_row(row, table.data(), columns, mask, plus.data(), 0.5f, of_floats.data());
        kernels::gather_row(row, shorts.data(), columns, mask, plus.data(), 0.5f, of_shorts.data());
        BOOST_TEST(of_shorts == of_floats, boost::test_tools::per_element());
        aligned_floats expected = plus;
        for (std::size_t e = 0; e < count; ++e)
          for (std::size_t k = 0; k < columns && !(mask && !mask[neighbours[e]]); ++k)
            expected[k] += weights[e] * table[neighbours[e] * columns + k];
        for (std::size_t k = 0; k < columns; ++k)
          BOOST_TEST(of_floats[k] == 0.5f * expected[k], boost::test_tools::tolerance(1e-5f));
      }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
