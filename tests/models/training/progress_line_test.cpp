#include "tools/winnow-train/progress_line.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

const stage_progress some{"LightGCN", 0.5, 6, 10, 12'345, 75, 0.25};

} // namespace

BOOST_AUTO_TEST_SUITE(progress_line_suite)

BOOST_AUTO_TEST_CASE(has_a_bar_where_it_fits) {
  const std::string whole = "LightGCN [############............] epoch 6/10  12 k/s  1:15 left  loss 0.2500";
  BOOST_TEST(progress_line(some, 80) == whole);
  BOOST_TEST(progress_line(some, whole.size() + 1) == whole);
  BOOST_TEST(progress_line(some, whole.size()) == "LightGCN epoch 6/10  12 k/s  1:15 left  loss 0.2500");
}

BOOST_AUTO_TEST_CASE(never_wraps) {
  BOOST_TEST(progress_line(some, 20) == "LightGCN epoch 6/10");
  for (std::size_t columns = 1; columns < 100; ++columns)
    BOOST_TEST(progress_line(some, columns).size() < columns);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
