#include "models/transitions/transition_table.hpp"

#include "models/catalogue/feature_table.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace {

using namespace winnow;

/// Items 0 to 3: 0 is followed by 1 (weight 2) and 2 (1), 1 by 2 (4), 3 by nothing; taken 3, 0, 15 and 1
/// times.
struct shop {
  transition_counts counts{{0, 2, 3, 3, 3}, {{1, 2.0f}, {2, 1.0f}, {2, 4.0f}}};
  std::vector<std::uint64_t> taken{3, 0, 15, 1};
  transition_scratch work;

  transition_table table(double decay = 0.5, double exponent = 0.5, std::size_t length = 20) const {
    return {counts, taken, {decay, length, exponent}};
  }

  std::vector<float> scores(const transition_table& of, std::vector<std::uint32_t> history) {
    of.score(history, work);
    return work.scores;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(transition_table_, shop)

BOOST_AUTO_TEST_CASE(sums_decayed_weights_over_damped_popularity) {
  const auto found = scores(table(), {0, 1}); // 1 is the newest
  BOOST_CHECK_EQUAL(found[0], 0.0f);
  BOOST_CHECK_CLOSE(found[1], 0.5 * 2 / std::sqrt(4.0 * 1), 1e-4);
  BOOST_CHECK_CLOSE(found[2], 4 / std::sqrt(1.0 * 16) + 0.5 * 1 / std::sqrt(4.0 * 16), 1e-4);
  BOOST_CHECK_EQUAL(found[3], 0.0f);
}

BOOST_AUTO_TEST_CASE(ignores_popularity_at_exponent_zero) {
  BOOST_CHECK_CLOSE(scores(table(0.5, 0), {0})[1], 2.0, 1e-4);
}

BOOST_AUTO_TEST_CASE(uses_the_most_recent_known_items_only) {
  const auto newest = scores(table(1, 0, 1), {0, 1, unknown_item, unknown_item});
  BOOST_CHECK_EQUAL(newest[1], 0.0f);
  BOOST_CHECK_EQUAL(newest[2], 4.0f);
}

BOOST_AUTO_TEST_CASE(starts_anew_with_each_history) {
  scores(table(), {0, 1});
  BOOST_CHECK(scores(table(), {3}) == std::vector<float>(4, 0.0f));
  BOOST_CHECK(scores(table(), {}) == std::vector<float>(4, 0.0f));
}

BOOST_AUTO_TEST_CASE(lists_the_best_without_the_excluded_ones) {
  scores(table(1, 0), {0, 1});
  const std::vector<std::uint32_t> history{0, 1}, none;
  const auto all = transition_table::best(none, 10, work);
  BOOST_REQUIRE_EQUAL(all.size(), 2u); // items without a score are on no list
  BOOST_CHECK_EQUAL(all[0].item, 2u);
  BOOST_CHECK_EQUAL(all[0].score, 5.0f);
  BOOST_CHECK_EQUAL(transition_table::best(none, 1, work).size(), 1u);
  BOOST_CHECK_EQUAL(transition_table::best(history, 10, work).size(), 1u);
}

BOOST_AUTO_TEST_CASE(adds_what_was_learned_to_the_trained_weights) {
  // Item 4 was adopted. Since the training, 0 was followed by 1 and by 4, and 4 by 2.
  const auto pages = transition_pages().with({{0, 1, 0.5f}, {0, 4, 3.0f}, {4, 2, 2.0f}}, 10);
  const learned_transitions learned{
      pages, std::make_shared<const std::vector<float>>(std::vector<float>{0.5f, 2.0f, 1.0f, 1.0f, 0.25f}),
      0.75f};
  table(0.5, 0).score(std::vector<std::uint32_t>{0, 4}, work, &learned);
  BOOST_REQUIRE_EQUAL(work.scores.size(), 5u);
  BOOST_CHECK_CLOSE(work.scores[1], 2.0 * 0.5 * 0.5 * (0.75 * 2 + 0.5), 1e-4);
  BOOST_CHECK_CLOSE(work.scores[2], 0.25 * 2 + 0.5 * 0.5 * 0.75 * 1, 1e-4);
  BOOST_CHECK_CLOSE(work.scores[4], 0.25 * 0.5 * 0.5 * 3, 1e-4);
  table(0.5, 0).score(std::vector<std::uint32_t>{0}, work); // the same buffers without it
  BOOST_CHECK((work.scores == std::vector<float>{0, 2, 1, 0}));
}

BOOST_AUTO_TEST_CASE(lists_an_item_once_even_if_old_weights_have_faded_to_nothing) {
  const auto faded = transition_pages().with({{3, 1, 0.0f}, {3, 2, 0.0f}}, 10).with({{0, 1, 4.0f}}, 10);
  const learned_transitions learned{
      faded, std::make_shared<const std::vector<float>>(std::vector<float>{1, 0.5f, 1, 1}), 0.0f};
  table(1, 0).score(std::vector<std::uint32_t>{0, 3, 3}, work, &learned);
  const auto all = transition_table::best({}, 10, work);
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  BOOST_CHECK_EQUAL(all[0].item, 1u);
  BOOST_CHECK_EQUAL(all[0].score, 2.0f); // damped once
}

BOOST_AUTO_TEST_SUITE_END()
