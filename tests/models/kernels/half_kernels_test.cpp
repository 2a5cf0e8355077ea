#include "models/kernels/half_kernels.hpp"

#include "tests/models/kernels/instruction_sets.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using namespace winnow;

namespace {

/// The definition of the format, for finite numbers.
float value_of(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float size = exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                   : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  return (half & 0x8000) != 0 ? -size : size;
}

bool is_finite(std::uint16_t half) {
  return (half >> 10 & 31) != 31;
}

} // namespace

BOOST_AUTO_TEST_SUITE(half_kernels)

BOOST_AUTO_TEST_CASE(widens_every_half_exactly_with_each_instruction_set) {
  std::vector<std::uint16_t> halves(1U << 16U);
  std::iota(halves.begin(), halves.end(), std::uint16_t{0});
  std::vector<float> wide(halves.size());
  with_each_instruction_set([&](const std::string& name) {
    for (const float unit : {1.0f, 0.125f, 1024.0f}) {
      kernels::widen(halves.data(), halves.size(), unit, wide.data());
      for (const auto half : halves)
        if (is_finite(half))
          BOOST_TEST_REQUIRE(wide[half] == value_of(half) * unit, name << ", half " << half);
    }
  });
}

BOOST_AUTO_TEST_CASE(widens_any_number_of_halves_and_nothing_behind_them) {
  const std::vector<std::uint16_t> halves(70, 0x3C00); // 1
  with_each_instruction_set([&](const std::string& name) {
    for (std::size_t count = 0; count <= halves.size(); ++count) {
      std::vector<float> wide(halves.size() + 1, -1.0f);
      kernels::widen(halves.data(), count, 2.0f, wide.data());
      for (std::size_t k = 0; k < wide.size(); ++k)
        BOOST_TEST_REQUIRE(wide[k] == (k < count ? 2.0f : -1.0f), name << ", " << k << " of " << count);
    }
  });
}

BOOST_AUTO_TEST_CASE(rounds_to_the_nearest_half_of_two_to_the_even_one) {
  for (std::uint16_t half = 0; half + 1 < 0x7C00; ++half) {
    const float here = value_of(half), next = value_of(half + 1), middle = (here + next) / 2;
    BOOST_TEST_REQUIRE(kernels::to_half(here) == half);
    BOOST_TEST_REQUIRE(kernels::to_half(-here) == (half | 0x8000));
    BOOST_TEST_REQUIRE(kernels::to_half(middle) == (half % 2 == 0 ? half : half + 1));
    BOOST_TEST_REQUIRE(kernels::to_half(std::nextafter(middle, here)) == half);
    BOOST_TEST_REQUIRE(kernels::to_half(std::nextafter(middle, next)) == half + 1);
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_are_too_large_become_infinite) {
  using limits = std::numeric_limits<float>;
  BOOST_TEST(kernels::to_half(65519.9f) == 0x7BFF);
  BOOST_TEST(kernels::to_half(65520.0f) == 0x7C00);
  BOOST_TEST(kernels::to_half(-limits::max()) == 0xFC00);
  BOOST_TEST(kernels::to_half(limits::infinity()) == 0x7C00);
  BOOST_TEST((kernels::to_half(limits::quiet_NaN()) & 0x7FFF) == 0x7E00);
  BOOST_TEST(kernels::to_half(limits::denorm_min()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
