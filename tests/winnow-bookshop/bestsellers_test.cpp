#include "tools/winnow-bookshop/live/bestsellers.hpp"

#include "models/training/support/random.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

bool any(std::uint32_t) {
  return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(best_sellers)

BOOST_AUTO_TEST_CASE(stay_in_the_order_of_their_sales) {
  bestsellers books(50);
  std::vector<std::uint64_t> sales(50, 0);
  random_source random(3);
  for (int i = 0; i < 2000; ++i) {
    const auto book = std::min(random.below(50), random.below(50));
    books.sold(book);
    ++sales[book];
    const auto order = books.top(50, any);
    BOOST_REQUIRE(
        std::is_sorted(order.begin(), order.end(), [&](auto a, auto b) { return sales[a] > sales[b]; }));
  }
  auto all = books.top(100, any);
  std::sort(all.begin(), all.end());
  BOOST_TEST(all.size() == 50U);
  BOOST_TEST((std::adjacent_find(all.begin(), all.end()) == all.end()));
}

BOOST_AUTO_TEST_CASE(leave_out_what_does_not_pass) {
  bestsellers books(4);
  for (const std::uint32_t book : {2, 2, 2, 1, 1, 3})
    books.sold(book);
  BOOST_TEST((books.top(2, any) == std::vector<std::uint32_t>{2, 1}));
  BOOST_TEST((books.top(2, [](auto book) { return book != 2; }) == std::vector<std::uint32_t>{1, 3}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
