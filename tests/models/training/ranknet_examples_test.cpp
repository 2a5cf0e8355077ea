#include "models/training/ranknet_examples.hpp"

#include "models/training/training_candidates.hpp"
#include "support/files.hpp"
#include "tests/models/training/lists_of.hpp"
#include "tests/models/training/train_program.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// The items that reach RankNet, in DIN's order, for the models' first user with this history.
std::vector<std::uint32_t> kept_by_din(const model_set& models, const std::vector<std::uint32_t>& history) {
  thread_team team(1);
  const std::vector<std::uint32_t> users = {0};
  const auto candidates =
      candidates_for(models, test::lists_of({history}), users, models.widths.candidates, team);
  const auto context = context_of(0, history);
  const ranking_task task{&context, &candidates.front()};
  cascade_scratch work;
  const auto ranked = rank_by_din(models, {&task, 1}, models.widths.din_keep, work);
  BOOST_REQUIRE(ranked.front());
  std::vector<std::uint32_t> items;
  for (const auto& entry : ranked.front()->items)
    items.push_back(entry.item);
  return items;
}

/// The example of the same.
ranknet_example example_of(const model_set& models, const std::vector<std::uint32_t>& history,
                           const std::vector<std::uint32_t>& wanted) {
  thread_team team(1);
  auto found = test::need(
      ranknet_examples(models, test::lists_of({history}), test::lists_of({wanted}), std::nullopt, 1, team));
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  return std::move(found.front());
}

/// The stage features of an example without those of one place.
std::vector<float> features_without(const ranknet_example& one, std::size_t place) {
  const auto width = one.stage_features.size() / one.items.size();
  auto rows = one.stage_features;
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(place * width);
  rows.erase(begin, begin + static_cast<std::ptrdiff_t>(width));
  return rows;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(ranknet_examples_suite, test::train_program)

BOOST_AUTO_TEST_CASE(other_items_that_the_user_took_are_no_negatives) {
  BOOST_REQUIRE_EQUAL(train("models", "--epochs 1").code, 0);
  model_settings where;
  where.dir = in("models").string();
  const auto models = test::need(load_model_set(where, missing_rankers::refused));
  const std::vector<std::uint32_t> history = {3, 5, 8};
  const auto kept = kept_by_din(*models, history);
  BOOST_REQUIRE_GT(kept.size(), 4u);
  const auto one = example_of(*models, history, {kept[1]});
  BOOST_CHECK_EQUAL(one.taken, 1u);
  BOOST_TEST(one.items == kept, boost::test_tools::per_element());

  const auto two = example_of(*models, history, {kept[3], kept[1]});
  BOOST_CHECK_EQUAL(two.taken, 1u); // the first in DIN's order
  auto items = one.items;
  items.erase(items.begin() + 3);
  BOOST_TEST(two.items == items, boost::test_tools::per_element());
  BOOST_TEST(two.stage_features == features_without(one, 3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
