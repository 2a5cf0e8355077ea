#include "models/kernels/recall_kernels.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <vector>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(recall_kernels)

BOOST_AUTO_TEST_CASE(finds_and_counts_values_not_below_a_limit) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (const std::size_t count : {0, 1, 7, 16, 33, 64, 1000})
    for (const float limit : {-10.0f, 0.5f, 2.5f}) {
      std::vector<float> values(count);
      std::generate(values.begin(), values.end(), [&] { return normal(random); });
      if (count > 7)
        values[7] = limit;
      if (count > 16)
        values[16] = std::numeric_limits<float>::quiet_NaN();
      std::vector<std::uint32_t> expected;
      for (std::uint32_t i = 0; i < count; ++i)
        if (!(values[i] < limit))
          expected.push_back(i);
      std::vector<std::uint32_t> positions(count);
      positions.resize(kernels::positions_not_below(values.data(), count, limit, positions.data()));
      BOOST_CHECK_EQUAL_COLLECTIONS(positions.begin(), positions.end(), expected.begin(), expected.end());
      // A NaN is not below the limit, but does not reach it either.
      BOOST_CHECK_EQUAL(kernels::count_not_below(values.data(), count, limit),
                        expected.size() - (count > 16 ? 1 : 0));
    }
}

BOOST_AUTO_TEST_CASE(finds_the_greatest_value) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  BOOST_CHECK_EQUAL(kernels::greatest(nullptr, 0), -infinity);
  std::mt19937 random(4);
  std::normal_distribution<float> normal;
  for (const std::size_t count : {1, 7, 16, 33, 100}) {
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    BOOST_CHECK_EQUAL(kernels::greatest(values.data(), count),
                      *std::max_element(values.begin(), values.end()));
    for (std::size_t at = 0; at < count; ++at) {
      auto others = values;
      others[at] = nan;
      float expected = -infinity;
      for (std::size_t i = 0; i < count; ++i)
        expected = i == at ? expected : std::max(expected, values[i]);
      BOOST_CHECK_EQUAL(kernels::greatest(others.data(), count), expected);
      others[at] = infinity;
      BOOST_CHECK_EQUAL(kernels::greatest(others.data(), count), infinity);
    }
  }
}

BOOST_AUTO_TEST_CASE(counts_greater_values) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> some(-5, 5); // with many equal values
  for (const std::size_t count : {16, 32, 112}) {
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return static_cast<float>(some(random)); });
    values[3] = -std::numeric_limits<float>::infinity();
    std::vector<std::uint32_t> greater(count);
    kernels::count_greater(values.data(), count, greater.data());
    for (std::size_t i = 0; i < count; ++i)
      BOOST_CHECK_EQUAL(greater[i], std::count_if(values.begin(), values.end(),
                                                  [&](float other) { return other > values[i]; }));
  }
}

BOOST_AUTO_TEST_CASE(products_do_not_depend_on_the_other_rows_of_the_call) {
  std::mt19937 random(2);
  std::normal_distribution<float> normal;
  constexpr std::size_t width = 45, most = 21;
  std::vector<float> table(width * most), query(width), together(most);
  for (auto* values : {&table, &query})
    std::generate(values->begin(), values->end(), [&] { return normal(random); });
  std::vector<const float*> rows;
  for (std::size_t r = 0; r < most; ++r)
    rows.push_back(table.data() + r * width);
  for (std::size_t count = 1; count <= most; ++count) {
    kernels::multiply_rows(query.data(), width, rows.data(), count, together.data());
    for (std::size_t r = 0; r < count; ++r) {
      float alone = 0;
      kernels::multiply_rows(query.data(), width, rows.data() + r, 1, &alone);
      BOOST_CHECK_EQUAL(together[r], alone);
      double expected = 0;
      for (std::size_t k = 0; k < width; ++k)
        expected += static_cast<double>(query[k]) * rows[r][k];
      BOOST_CHECK_SMALL(together[r] - expected, 1e-4);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
