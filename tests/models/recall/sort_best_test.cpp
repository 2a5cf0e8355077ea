#include "models/recall/sort_best.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

namespace {

using namespace winnow;

/// @param levels The greatest score; scores are whole numbers from 0.
std::vector<scored_item> random_items(std::size_t count, int levels, std::mt19937& random) {
  std::vector<scored_item> items(count);
  for (std::uint32_t i = 0; i < count; ++i)
    items[i] = {i, static_cast<float>(std::uniform_int_distribution<int>(0, levels)(random))};
  std::shuffle(items.begin(), items.end(), random);
  return items;
}

bool same(const scored_item& a, const scored_item& b) {
  return a.item == b.item && a.score == b.score;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sort_best_)

BOOST_AUTO_TEST_CASE(keeps_the_same_items_as_plain_sorting) {
  std::mt19937 random(3);
  for (const std::size_t count : {0, 1, 2, 15, 16, 17, 100, 1000, 1024, 1025, 3000})
    for (const std::size_t keep : {0, 1, 20, 100, 5000})
      for (const int levels : {0, 5, 1'000'000}) {
        auto items = random_items(count, levels, random);
        auto expected = items;
        std::sort(expected.begin(), expected.end(), ranks_before);
        expected.resize(std::min(keep, count));
        sort_best(items, keep);
        BOOST_TEST_REQUIRE(std::equal(items.begin(), items.end(), expected.begin(), expected.end(), same),
                           "the best " << keep << " of " << count << " with " << levels << " scores");
      }
}

BOOST_AUTO_TEST_CASE(infinities_are_at_the_ends) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<scored_item> items{{0, -infinity}, {1, 3}, {2, infinity}, {3, -infinity}, {4, infinity}};
  sort_best(items, 4);
  const std::vector<scored_item> expected{{2, infinity}, {4, infinity}, {1, 3}, {0, -infinity}};
  BOOST_TEST(std::equal(items.begin(), items.end(), expected.begin(), expected.end(), same));
}

BOOST_AUTO_TEST_SUITE_END()
