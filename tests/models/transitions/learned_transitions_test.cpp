#include "models/transitions/learned_transitions.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

namespace {

using namespace winnow;

using list = std::vector<std::pair<std::uint32_t, float>>;

list after(const transition_pages& pages, std::uint32_t item) {
  list found;
  for (const auto& next : pages.after(item))
    found.emplace_back(next.item, next.score);
  return found;
}

constexpr std::uint32_t far_away = 1'000; // on another page than the first items

} // namespace

BOOST_AUTO_TEST_SUITE(transition_pages_)

BOOST_AUTO_TEST_CASE(are_empty_at_first) {
  const transition_pages pages;
  BOOST_CHECK(pages.after(0).empty());
  BOOST_CHECK(pages.after(far_away).empty());
  BOOST_CHECK_EQUAL(pages.size(), 0u);
  BOOST_CHECK_EQUAL(pages.with({}, 10).size(), 0u);
}

BOOST_AUTO_TEST_CASE(add_up_the_gains_of_each_transition) {
  const auto pages = transition_pages().with({{1, 9, 1}, {0, 5, 2}, {1, 2, 3}, {1, 9, 0.5f}}, 10);
  BOOST_CHECK((after(pages, 0) == list{{5, 2.0f}}));
  BOOST_CHECK((after(pages, 1) == list{{2, 3.0f}, {9, 1.5f}})); // ascending
  BOOST_CHECK(pages.after(2).empty());
  BOOST_CHECK_EQUAL(pages.size(), 3u);
}

BOOST_AUTO_TEST_CASE(merge_gains_with_what_is_known) {
  const auto old = transition_pages().with({{1, 2, 1}, {1, 4, 1}, {2, 1, 7}}, 10);
  const auto pages = old.with({{1, 1, 5}, {1, 4, 2}, {1, 6, 3}, {far_away, 3, 1}}, 10);
  BOOST_CHECK((after(pages, 1) == list{{1, 5.0f}, {2, 1.0f}, {4, 3.0f}, {6, 3.0f}}));
  BOOST_CHECK((after(pages, 2) == list{{1, 7.0f}}));
  BOOST_CHECK((after(pages, far_away) == list{{3, 1.0f}}));
  BOOST_CHECK_EQUAL(pages.size(), 6u);
}

BOOST_AUTO_TEST_CASE(keep_the_heaviest_successors_and_of_equal_ones_the_first) {
  const auto old = transition_pages().with({{0, 1, 1}, {0, 2, 5}, {0, 3, 2}, {0, 4, 5}}, 3);
  BOOST_CHECK((after(old, 0) == list{{2, 5.0f}, {3, 2.0f}, {4, 5.0f}}));
  const auto pages = old.with({{0, 7, 3}, {0, 3, 1}}, 3); // 3 and 7 are equal now
  BOOST_CHECK((after(pages, 0) == list{{2, 5.0f}, {3, 3.0f}, {4, 5.0f}}));
  BOOST_CHECK_EQUAL(pages.size(), 3u);
}

BOOST_AUTO_TEST_CASE(a_new_version_leaves_the_old_one_as_it_was) {
  const auto old = transition_pages().with({{0, 1, 1}}, 10);
  const auto pages = old.with({{0, 1, 1}, {3, 1, 1}}, 10);
  BOOST_CHECK((after(old, 0) == list{{1, 1.0f}}));
  BOOST_CHECK(old.after(3).empty());
  BOOST_CHECK_EQUAL(old.size(), 1u);
  BOOST_CHECK((after(pages, 0) == list{{1, 2.0f}}));
}

BOOST_AUTO_TEST_CASE(a_new_version_shares_the_pages_that_did_not_change) {
  const auto old = transition_pages().with({{0, 1, 1}, {far_away, 1, 1}}, 10);
  const auto pages = old.with({{0, 2, 1}}, 10);
  BOOST_CHECK_EQUAL(pages.after(far_away).data(), old.after(far_away).data());
  BOOST_CHECK_NE(pages.after(0).data(), old.after(0).data());
}

BOOST_AUTO_TEST_CASE(a_scaled_version_multiplies_each_weight) {
  const auto old = transition_pages().with({{0, 1, 4}, {far_away, 1, 2}}, 10);
  const auto pages = old.scaled(0.25f);
  BOOST_CHECK((after(pages, 0) == list{{1, 1.0f}}));
  BOOST_CHECK((after(pages, far_away) == list{{1, 0.5f}}));
  BOOST_CHECK((after(old, 0) == list{{1, 4.0f}}));
  BOOST_CHECK_EQUAL(pages.size(), 2u);
}

BOOST_AUTO_TEST_CASE(drop_a_share_of_all_the_lightest_first) {
  std::vector<transition_gain> gains;
  for (std::uint32_t i = 0; i < 100; ++i)
    gains.push_back({i * 7 % 100, i, static_cast<float>(1 + i)});
  const auto old = transition_pages().with(std::move(gains), 10);
  const auto pages = old.without_lightest(0.2);
  BOOST_CHECK_EQUAL(pages.size(), 80u);
  BOOST_CHECK_EQUAL(old.size(), 100u);
  for (std::uint32_t i = 0; i < 100; ++i)
    BOOST_CHECK_EQUAL(pages.after(i * 7 % 100).empty(), i < 20);
  BOOST_CHECK_EQUAL(transition_pages().without_lightest(0.2).size(), 0u);
}

BOOST_AUTO_TEST_CASE(drop_no_more_than_that_share_if_many_weigh_the_same) {
  std::vector<transition_gain> gains;
  for (std::uint32_t i = 0; i < 100; ++i)
    gains.push_back({i, 5, i < 10 ? 0.5f : 1.0f});
  const auto pages = transition_pages().with(std::move(gains), 10).without_lightest(0.2);
  BOOST_CHECK_EQUAL(pages.size(), 80u);
  for (std::uint32_t i = 0; i < 10; ++i)
    BOOST_CHECK(pages.after(i).empty());
}

BOOST_AUTO_TEST_CASE(visit_each_item_with_successors_in_order) {
  const auto pages = transition_pages().with({{far_away, 1, 1}, {3, 2, 1}, {3, 5, 2}}, 10);
  std::vector<std::pair<std::uint32_t, std::size_t>> seen;
  pages.for_each([&](std::uint32_t item, gsl::span<const scored_item> successors) {
    seen.emplace_back(item, successors.size());
  });
  BOOST_CHECK((seen == std::vector<std::pair<std::uint32_t, std::size_t>>{{3, 2}, {far_away, 1}}));
}

BOOST_AUTO_TEST_CASE(equal_a_plain_sum_over_many_versions) {
  std::mt19937 random(5);
  std::map<std::pair<std::uint32_t, std::uint32_t>, float> sums;
  transition_pages pages;
  for (int version = 0; version < 20; ++version) {
    std::vector<transition_gain> gains;
    for (int i = 0; i < 100; ++i) {
      const transition_gain gain{static_cast<std::uint32_t>(random() % 150),
                                 static_cast<std::uint32_t>(random() % 20), 1};
      gains.push_back(gain);
      sums[{gain.item, gain.next}] += gain.weight;
    }
    pages = pages.with(std::move(gains), 100);
  }
  BOOST_CHECK_EQUAL(pages.size(), sums.size());
  for (std::uint32_t item = 0; item < 150; ++item)
    for (const auto& [next, weight] : after(pages, item))
      BOOST_REQUIRE_EQUAL(weight, sums.at({item, next}));
}

BOOST_AUTO_TEST_SUITE_END()
