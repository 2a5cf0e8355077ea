#include "models/evaluation/baselines.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace {

using namespace winnow;

/// Four users: {0, 1}, {0, 1, 2}, {1}, {3}; no user has item 4.
baselines small_shop() {
  const std::vector<interaction> pairs{{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {1, 1, 0},
                                       {1, 2, 0}, {2, 1, 0}, {3, 3, 0}};
  thread_team team(1);
  return {item_lists::group(4, pairs), 5, team};
}

std::vector<std::uint32_t> items_of(const std::vector<scored_item>& list) {
  std::vector<std::uint32_t> items;
  for (const auto& entry : list)
    items.push_back(entry.item);
  return items;
}

} // namespace

BOOST_AUTO_TEST_SUITE(baselines_)

BOOST_AUTO_TEST_CASE(popularity_orders_by_takers_then_by_index) {
  const auto shop = small_shop();
  BOOST_CHECK(shop.takers() == std::vector<std::uint32_t>({2, 3, 1, 1, 0}));
  BOOST_CHECK(items_of(shop.most_popular({}, 3)) == std::vector<std::uint32_t>({1, 0, 2}));
  const std::vector<std::uint32_t> excluded{1, 2};
  BOOST_CHECK(items_of(shop.most_popular(excluded, 9)) == std::vector<std::uint32_t>({0, 3, 4}));
}

BOOST_AUTO_TEST_CASE(cosine_sums_over_the_known_items) {
  const auto shop = small_shop();
  baselines::scratch work;
  const std::vector<std::uint32_t> known{0, 1};
  shop.score_by_cosine(known, work);
  // Item 2: once with item 0 (1 / sqrt(2 · 1)) and once with item 1 (1 / sqrt(3 · 1)).
  BOOST_CHECK_CLOSE(work.scores[2], 1 / std::sqrt(2.0f) + 1 / std::sqrt(3.0f), 1e-4f);
  BOOST_CHECK_EQUAL(work.scores[3], 0);
  BOOST_CHECK_EQUAL(work.scores[4], 0);
  BOOST_CHECK(items_of(best_of_all(work.scores, known, 2)) == std::vector<std::uint32_t>({2, 3}));
}

BOOST_AUTO_TEST_SUITE_END()
