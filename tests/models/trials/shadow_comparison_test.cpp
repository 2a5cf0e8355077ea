#include "models/trials/shadow_comparison.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace winnow {

namespace {

using list = std::vector<placed_item>;

} // namespace

BOOST_AUTO_TEST_SUITE(shadow_comparisons)

BOOST_AUTO_TEST_CASE(lists_are_compared_by_their_first_20_items) {
  const list served{{"a", 3}, {"b", 2}, {"c", 1}, {"d", 0}};
  const list shadow{{"b", 2.5F}, {"a", 2}, {"x", 1}, {"y", 0}};
  const auto difference = compare_lists(served, shadow);
  BOOST_TEST(difference.overlap == 0.5);
  BOOST_TEST(difference.score == (1 + 0.5) / 2);
  BOOST_TEST(compare_lists(served, served).overlap == 1);
  BOOST_TEST(compare_lists(served, list{}).overlap == 0);
  BOOST_TEST(compare_lists(list{}, list{}).overlap == 1);
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i)
    names.push_back(std::to_string(i));
  list many, reversed;
  for (int i = 0; i < 30; ++i) {
    many.push_back({names[static_cast<std::size_t>(i)], 0});
    reversed.push_back({names[static_cast<std::size_t>(29 - i)], 0});
  }
  BOOST_TEST(compare_lists(many, reversed).overlap == 0.5); // 10 to 19
}

BOOST_AUTO_TEST_CASE(a_record_tells_means) {
  using std::chrono::milliseconds;
  shadow_record record;
  BOOST_TEST(record.so_far().compared == 0u);
  record.compared({0.5, 1}, milliseconds(10), milliseconds(20));
  record.compared({1, 3}, milliseconds(20), milliseconds(40));
  record.dropped();
  record.failed();
  const auto all = record.so_far();
  BOOST_TEST(all.compared == 2u);
  BOOST_TEST(all.dropped == 1u);
  BOOST_TEST(all.failed == 1u);
  BOOST_TEST(all.overlap == 0.75);
  BOOST_TEST(all.score == 2);
  BOOST_TEST(all.served_seconds == 0.015, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(all.shadow_seconds == 0.030, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
