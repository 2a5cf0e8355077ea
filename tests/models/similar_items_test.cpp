#include "models/similar_items.hpp"

#include "models/stage_evidence.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <string>

namespace {

using namespace winnow;

constexpr std::size_t width = 5;

std::shared_ptr<feature_table> table_of(std::size_t of_width, std::vector<float> values) {
  auto table = std::make_shared<feature_table>();
  table->width = of_width;
  table->values = std::move(values);
  return table;
}

id_table ids_of(const std::string& prefix, std::size_t count) {
  id_table ids;
  for (std::size_t i = 0; i < count; ++i)
    ids.insert(prefix + std::to_string(i));
  return ids;
}

/// Random rows of very different lengths.
std::vector<float> random_rows(std::size_t rows, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(-1, 1);
  std::vector<float> values(rows * width);
  for (std::size_t row = 0; row < rows; ++row) {
    const float length = std::exp(4 * value(random));
    for (std::size_t k = 0; k < width; ++k)
      values[row * width + k] = length * value(random);
  }
  return values;
}

/// Models with these trained embeddings, and without transitions.
model_set models_of(std::size_t of_width, std::vector<float> values) {
  model_set models;
  models.item_embeddings = embedding_table(table_of(of_width, std::move(values)));
  models.items = catalogue(ids_of("t", models.item_embeddings.rows()));
  return models;
}

/// Adds adopted items with these embeddings.
void adopt(model_set& models, std::vector<float> values, learned_transitions transitions = {}) {
  const auto rows = table_of(models.item_embeddings.width(), std::move(values));
  auto adopted = std::make_shared<adopted_items>();
  adopted->ids = std::make_shared<const id_table>(ids_of("a", rows->rows()));
  adopted->embeddings = embedding_table(rows);
  adopted->inverse_norms = inverse_norms(adopted->embeddings);
  models.items = models.items.with(adopted->ids);
  models.item_embeddings = models.item_embeddings.with(rows);
  auto learned = std::make_shared<learned_items>();
  learned->transitions = std::move(transitions);
  learned->adopted = adopted;
  models.learned = learned;
}

std::vector<ranked_list> search(const model_set& models, const std::vector<std::uint32_t>& items,
                                std::size_t count) {
  similar_items_scratch work;
  transition_scratch transitions;
  std::vector<similar_query> queries;
  for (const auto item : items)
    queries.push_back({item});
  return similar_items(models, queries, count, work, transitions);
}

double cosine(const model_set& models, std::uint32_t a, std::uint32_t b) {
  double product = 0, of_a = 0, of_b = 0;
  const auto x = models.item_embeddings.row(a), y = models.item_embeddings.row(b);
  for (std::size_t k = 0; k < x.size(); ++k) {
    product += static_cast<double>(x[k]) * y[k];
    of_a += static_cast<double>(x[k]) * x[k];
    of_b += static_cast<double>(y[k]) * y[k];
  }
  return product / std::sqrt(of_a * of_b);
}

/// The `count` largest cosines above 0, in descending order.
std::vector<double> best_cosines(const model_set& models, std::uint32_t item, std::size_t count) {
  std::vector<double> all;
  for (std::uint32_t other = 0; other < models.items.size(); ++other)
    if (other != item && cosine(models, item, other) > 0)
      all.push_back(cosine(models, item, other));
  std::sort(all.rbegin(), all.rend());
  all.resize(std::min(count, all.size()));
  return all;
}

void check_nearest(const model_set& models, std::uint32_t item, const ranked_list& found, std::size_t count) {
  const auto expected = best_cosines(models, item, count);
  BOOST_REQUIRE_EQUAL(found.items.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_CHECK_NE(found.items[i].item, item);
    BOOST_CHECK_SMALL(found.items[i].score - expected[i], 1e-6);
    BOOST_CHECK_SMALL(found.items[i].score - cosine(models, item, found.items[i].item), 1e-6);
    BOOST_CHECK_EQUAL(found.evidence[i].recall_rank, i);
    BOOST_CHECK_EQUAL(found.evidence[i].transition_rank, no_rank);
  }
}

/// Four items in the plane: 1 points nearly where 0 does, 2 a little less so and is long, 3 points away. Item
/// 0 is followed by 3 and, half as often, by 2.
model_set plane(float transition_weight = 1) {
  auto models = models_of(2, {1, 0, 0.1f, 0.01f, 50, 20, -1, 0.5f});
  const std::vector<std::uint64_t> taken(4, 0);
  transition_counts counts{{0, 2, 2, 2, 2}, {{3, 2.0f}, {2, 1.0f}}};
  models.transitions =
      std::make_shared<const transition_table>(std::move(counts), taken, transition_scoring{0.5, 20, 0.25});
  models.transition_weight = transition_weight;
  return models;
}

std::vector<std::uint32_t> items_of(const ranked_list& list) {
  std::vector<std::uint32_t> items;
  for (const auto& entry : list.items)
    items.push_back(entry.item);
  return items;
}

using indices = std::vector<std::uint32_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(similar_items_suite)

BOOST_AUTO_TEST_CASE(finds_the_largest_cosines_whatever_the_lengths) {
  const auto models = models_of(width, random_rows(5000, 1)); // more than two pieces
  for (const std::uint32_t item : {0U, 2047U, 2048U, 4999U})
    check_nearest(models, item, search(models, {item}, 20)[0], 20);
}

BOOST_AUTO_TEST_CASE(finds_the_same_with_stored_lengths) {
  auto models = models_of(width, random_rows(600, 2));
  models.inverse_norms = std::make_shared<const std::vector<float>>(inverse_norms(models.item_embeddings));
  check_nearest(models, 7, search(models, {7}, 100)[0], 100);
}

BOOST_AUTO_TEST_CASE(a_list_does_not_depend_on_the_others_of_its_batch) {
  const auto models = models_of(width, random_rows(700, 3));
  const indices items{5, 600, 5, 0};
  const auto together = search(models, items, 10);
  BOOST_REQUIRE_EQUAL(together.size(), 4U);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto alone = search(models, {items[i]}, 10)[0];
    BOOST_CHECK(items_of(alone) == items_of(together[i]));
    for (std::size_t place = 0; place < alone.items.size(); ++place)
      BOOST_CHECK_EQUAL(alone.items[place].score, together[i].items[place].score);
  }
}

BOOST_AUTO_TEST_CASE(a_scratch_can_be_used_again) {
  const auto models = models_of(width, random_rows(700, 4));
  similar_items_scratch work;
  transition_scratch transitions;
  const std::vector<similar_query> many{{1}, {2}, {3}}, one{{2}};
  similar_items(models, many, 50, work, transitions);
  check_nearest(models, 2, similar_items(models, one, 5, work, transitions)[0], 5);
}

BOOST_AUTO_TEST_CASE(only_allowed_items_that_are_not_withheld_are_found) {
  auto models = models_of(width, random_rows(600, 7));
  auto denied = std::make_shared<id_table>();
  const auto nearest = search(models, {3}, 5);
  for (const auto& entry : nearest[0].items)
    denied->insert(models.items[entry.item]);
  models.withheld = std::make_shared<const withheld_items>(
      std::make_shared<const withholding>(nullptr, denied, 0), models.items);
  indices chosen;
  for (std::uint32_t item = 0; item < 600; item += 2)
    chosen.push_back(item);
  const item_choice even(models.items, chosen);
  similar_items_scratch work;
  transition_scratch transitions;
  const std::vector<similar_query> queries{{3}, {3, &even}};
  const auto found = similar_items(models, queries, 100, work, transitions);
  indices all, of_even;
  for (const auto& entry : found[0].items) {
    BOOST_CHECK(!models.withheld->has(entry.item));
    if (entry.item % 2 == 0)
      all.push_back(entry.item);
  }
  of_even = items_of(found[1]);
  BOOST_CHECK_EQUAL(found[0].items.size(), 100u);
  BOOST_REQUIRE_GE(of_even.size(), all.size());
  of_even.resize(all.size());
  BOOST_CHECK(of_even == all);
}

BOOST_AUTO_TEST_CASE(adopted_items_are_found_and_have_similar_ones) {
  auto models = models_of(width, random_rows(600, 5));
  adopt(models, random_rows(40, 6));
  check_nearest(models, 3, search(models, {3}, 300)[0], 300);
  check_nearest(models, 610, search(models, {610}, 300)[0], 300);
  const auto found = items_of(search(models, {610}, 300)[0]);
  BOOST_CHECK(std::any_of(found.begin(), found.end(), [](std::uint32_t item) { return item >= 600; }));
  BOOST_CHECK(std::any_of(found.begin(), found.end(), [](std::uint32_t item) { return item < 600; }));
}

BOOST_AUTO_TEST_CASE(items_without_a_direction_are_similar_to_none) {
  const auto models = models_of(2, {0, 0, 1, 1, 1, 0, NAN, 1, INFINITY, 1});
  BOOST_CHECK(items_of(search(models, {1}, 10)[0]) == indices{2});
  BOOST_CHECK(search(models, {0}, 10)[0].items.empty());
  BOOST_CHECK(search(models, {3}, 10)[0].items.empty());
  BOOST_CHECK(search(models, {4}, 10)[0].items.empty());
}

BOOST_AUTO_TEST_CASE(merges_both_sources_by_their_places) {
  const auto models = plane();
  const auto list = search(models, {0}, 10)[0];
  // 2 is second in both lists, 1 the first of the embeddings, 3 the first of the transitions.
  BOOST_REQUIRE((items_of(list) == indices{2, 1, 3}));
  BOOST_CHECK_CLOSE(similarity(models, list.evidence[0]), 60.0f / 61, 1e-3);
  BOOST_CHECK_CLOSE(similarity(models, list.evidence[1]), 0.5f, 1e-3);
  BOOST_CHECK_CLOSE(similarity(models, list.evidence[2]), 0.5f, 1e-3);
  BOOST_CHECK_SMALL(list.items[0].score - cosine(models, 0, 2), 1e-6);
  BOOST_CHECK_EQUAL(list.evidence[0].transition_score, 0.5f);
  BOOST_CHECK_EQUAL(list.evidence[1].transition_rank, no_rank);
  BOOST_CHECK_EQUAL(list.evidence[2].recall_rank, no_rank);
  BOOST_CHECK_EQUAL(list.items[2].score, 0.0f);
  BOOST_CHECK_EQUAL(list.evidence[2].transition_score, 1.0f);
}

BOOST_AUTO_TEST_CASE(the_models_weigh_the_transitions) {
  BOOST_CHECK((items_of(search(plane(100), {0}, 10)[0]) == indices{3, 2, 1}));
  auto without = plane();
  without.transitions = nullptr;
  const auto list = search(without, {0}, 10)[0];
  BOOST_CHECK((items_of(list) == indices{1, 2}));
  BOOST_CHECK_EQUAL(similarity(without, list.evidence[0]), 1.0f);
}

BOOST_AUTO_TEST_CASE(an_item_that_nothing_follows_has_the_nearest_items) {
  const auto models = plane();
  check_nearest(models, 1, search(models, {1}, 10)[0], 10);
}

BOOST_AUTO_TEST_CASE(counts_what_was_learned_since_the_training) {
  auto models = plane();
  learned_transitions learned;
  // Item 0 is now followed by the adopted 4 most, and the adopted item by 1 and by itself.
  learned.pages = transition_pages().with({{0, 4, 8.0f}, {4, 1, 1.0f}, {4, 4, 5.0f}}, 8);
  learned.damping = std::make_shared<const std::vector<float>>(5, 1.0f);
  adopt(models, {-1, 0}, learned);
  const auto list = search(models, {0}, 10)[0];
  const auto adopted =
      std::find_if(list.items.begin(), list.items.end(), [](const auto& one) { return one.item == 4; });
  BOOST_REQUIRE(adopted != list.items.end());
  const auto& evidence = list.evidence[static_cast<std::size_t>(adopted - list.items.begin())];
  BOOST_CHECK_EQUAL(evidence.transition_rank, 0U);
  BOOST_CHECK_EQUAL(evidence.recall_rank, no_rank);
  const auto of_adopted = search(models, {4}, 10)[0];
  // 3 is the only one that points in a similar direction; the item itself is left out.
  BOOST_CHECK((items_of(of_adopted) == indices{3, 1}));
  BOOST_CHECK_EQUAL(of_adopted.evidence[1].transition_score, 1.0f);
}

BOOST_AUTO_TEST_CASE(returns_as_many_as_wanted) {
  BOOST_CHECK((items_of(search(plane(), {0}, 1)[0]).size() == 1));
  BOOST_CHECK(search(plane(), {0}, 0)[0].items.empty());
  BOOST_CHECK(search(plane(), {}, 10).empty());
}

BOOST_AUTO_TEST_SUITE_END()
