#include "models/training/support/untaken_items.hpp"

#include <boost/test/unit_test.hpp>
#include <numeric>
#include <vector>

namespace winnow {

namespace {

/// How often each of ten items is drawn in ten thousand draws.
std::vector<int> drawn(const std::vector<std::uint32_t>& taken) {
  random_source random(3);
  std::vector<int> counts(10, 0);
  for (int i = 0; i < 10'000; ++i)
    ++counts.at(draw_untaken(taken, counts.size(), random));
  return counts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(untaken_items)

BOOST_AUTO_TEST_CASE(draws_all_others_equally_often) {
  using items = std::vector<std::uint32_t>;
  for (const auto& taken :
       {items{}, items{4}, items{0, 1, 2, 3, 9}, items{0, 1, 2, 3, 4, 5}, items{1, 3, 5, 7, 8, 9},
        items{4, 5, 6, 7, 8, 9}, items{0, 1, 2, 3, 4, 5, 6, 7, 8}, items{1, 2, 3, 4, 5, 6, 7, 8, 9}}) {
    const auto counts = drawn(taken);
    const double expected = 10'000.0 / static_cast<double>(counts.size() - taken.size());
    for (std::uint32_t item = 0; item < counts.size(); ++item)
      if (std::binary_search(taken.begin(), taken.end(), item))
        BOOST_TEST(counts[item] == 0);
      else
        BOOST_TEST(static_cast<double>(counts[item]) == expected, boost::test_tools::tolerance(0.1));
  }
}

BOOST_AUTO_TEST_CASE(finds_the_only_item_that_is_left_with_one_random_number) {
  std::vector<std::uint32_t> taken(100'000);
  std::iota(taken.begin(), taken.end(), 0U);
  taken.erase(taken.begin() + 77'777);
  random_source random(5), same(5);
  BOOST_TEST(draw_untaken(taken, 100'000, random) == 77'777U);
  same.bits();
  BOOST_TEST(random.bits() == same.bits());
}

BOOST_AUTO_TEST_CASE(users_with_few_items_get_the_numbers_that_they_always_got) {
  const std::vector<std::uint32_t> taken{0, 2, 4, 6, 8};
  random_source random(9), drawn(9);
  for (int i = 0; i < 100; ++i) {
    auto item = drawn.below(10);
    while (item % 2 == 0)
      item = drawn.below(10);
    BOOST_TEST(draw_untaken(taken, 10, random) == item);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
