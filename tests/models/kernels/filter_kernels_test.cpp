#include "models/kernels/filter_kernels.hpp"

#include "instruction_sets.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <vector>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(filter_kernels)

BOOST_AUTO_TEST_CASE(marks_the_values_within_a_range) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   inf = std::numeric_limits<double>::infinity();
  std::mt19937 random(5);
  std::uniform_int_distribution<int> some(-4, 4);
  with_each_instruction_set([&](const std::string& set) {
    for (const std::size_t count : {0, 1, 63, 64, 65, 200, 1024}) {
      std::vector<double> values(count);
      for (auto& value : values)
        value = some(random);
      const double special[] = {nan, inf, -inf, -0.0, 1e-300};
      for (std::size_t i = 0; i < std::size(special) && 7 * i < count; ++i)
        values[7 * i] = special[i];
      for (const auto& [least, most] :
           {std::pair(-1.0, 2.0), {-inf, inf}, {0.0, 0.0}, {3.0, 2.0}, {nan, nan}, {1.0, inf}}) {
        std::vector<std::uint64_t> bits((count + 63) / 64, ~std::uint64_t{0});
        kernels::mark_within(values.data(), count, least, most, bits.data());
        for (std::size_t i = 0; i < 64 * bits.size(); ++i) {
          const bool expected = i < count && values[i] >= least && values[i] <= most;
          BOOST_TEST_REQUIRE(((bits[i / 64] >> (i % 64)) & 1U) == (expected ? 1U : 0U),
                             set << ", " << i << " of " << count << ", " << least << " to " << most);
        }
      }
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
