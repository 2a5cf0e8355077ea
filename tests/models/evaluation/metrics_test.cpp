#include "models/list_metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace {

using namespace winnow;
using items = std::vector<std::uint32_t>;
using positions = std::vector<std::size_t>;

constexpr double tolerance = 1e-12;

} // namespace

/// The expected values are calculated by hand.
BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(hits_are_positions_of_wanted_items) {
  BOOST_CHECK(hit_positions(items{7, 3, 9, 1}, items{1, 3, 5}) == positions({1, 3}));
  BOOST_CHECK(hit_positions(items{}, items{1}).empty());
  BOOST_CHECK(hit_positions(items{1}, items{}).empty());
}

BOOST_AUTO_TEST_CASE(recall_is_the_share_of_wanted_items_in_the_list) {
  BOOST_CHECK_CLOSE(recall_at(positions{1, 3, 11}, 10, 5), 2.0 / 5, tolerance);
  BOOST_CHECK_CLOSE(recall_at(positions{1, 3, 11}, 20, 5), 3.0 / 5, tolerance);
  BOOST_CHECK_EQUAL(recall_at(positions{}, 20, 5), 0);
}

BOOST_AUTO_TEST_CASE(ndcg_compares_with_the_best_list_of_that_length) {
  // With one wanted item, NDCG is the gain itself.
  BOOST_CHECK_CLOSE(ndcg_at(positions{0}, 10, 1), 1.0, tolerance);
  BOOST_CHECK_CLOSE(ndcg_at(positions{2}, 10, 1), 0.5, tolerance);
  // Hits at places 2 and 4 of a list of 3, two wanted: 1/log2(3) divided by 1 + 1/log2(3).
  BOOST_CHECK_CLOSE(ndcg_at(positions{1, 3}, 3, 2), 0.63092975357145743 / 1.63092975357145743, tolerance);
  // More wanted items than places: the best list of two places has two hits.
  BOOST_CHECK_CLOSE(ndcg_at(positions{0, 1}, 2, 50), 1.0, tolerance);
  BOOST_CHECK_EQUAL(ndcg_at(positions{}, 10, 3), 0);
}

BOOST_AUTO_TEST_CASE(hit_rate_and_reciprocal_rank_look_at_the_first_hit) {
  BOOST_CHECK_EQUAL(hit_rate_at(positions{9}, 10), 1);
  BOOST_CHECK_EQUAL(hit_rate_at(positions{10}, 10), 0);
  BOOST_CHECK_EQUAL(reciprocal_rank_at(positions{3, 4}, 10), 0.25);
  BOOST_CHECK_EQUAL(reciprocal_rank_at(positions{3, 4}, 3), 0);
}

BOOST_AUTO_TEST_CASE(a_mean_comes_with_its_standard_error) {
  // The sample deviation of 1, 2, 3, 4 is sqrt(5/3), divided by sqrt(4).
  const auto found = mean_of(std::vector<double>{1, 2, 3, 4});
  BOOST_CHECK_CLOSE(found.mean, 2.5, tolerance);
  BOOST_CHECK_CLOSE(found.standard_error, std::sqrt(5.0 / 3) / 2, tolerance);
  BOOST_CHECK_EQUAL(mean_of(std::vector<double>{3}).standard_error, 0);
  BOOST_CHECK_EQUAL(mean_of({}).mean, 0);
}

BOOST_AUTO_TEST_CASE(area_under_the_curve_counts_pairs_in_order) {
  // Of the six pairs, four are in order and one is a tie.
  BOOST_CHECK_CLOSE(area_under_curve(std::vector<float>{3, 1}, std::vector<float>{2, 1, 0}), 4.5 / 6,
                    tolerance);
  BOOST_CHECK_EQUAL(area_under_curve(std::vector<float>{1}, std::vector<float>{1}), 0.5);
  BOOST_CHECK_EQUAL(area_under_curve(std::vector<float>{0}, std::vector<float>{1}), 0);
}

BOOST_AUTO_TEST_CASE(rarely_taken_items_are_novel) {
  BOOST_CHECK_EQUAL(self_information(8, 64), 3);
  BOOST_CHECK_EQUAL(self_information(64, 64), 0);
  BOOST_CHECK_EQUAL(self_information(0, 64), 6);
}

BOOST_AUTO_TEST_SUITE_END()
