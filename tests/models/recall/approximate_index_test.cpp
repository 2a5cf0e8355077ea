#include "models/recall/approximate_index.hpp"

#include "clustered_shop.hpp"
#include "models/recall/index_effort.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <set>

namespace winnow {

namespace {

const std::atomic<bool> never_stop{false};
const std::atomic<bool> stop_now{true};

approximate_index index_of(const embedding_table& items) {
  const auto clusters = cluster_rows(*items.table(), cluster_count_for(items.rows()), never_stop);
  return std::move(*approximate_index::build(items, *clusters, never_stop));
}

struct shop_fixture {
  test::clustered_shop shop{20'000, 300};
  embedding_table items{shop.items};
  approximate_index index = index_of(items);
  index_scratch work;
  retrieval_scratch exact_work;

  std::vector<scored_item> search(const retrieval_query& query, float effort) {
    return index.search(items, {&query, 1}, effort, work)[0].found();
  }
  std::vector<scored_item> exact(const retrieval_query& query) {
    return retrieve(items, {&query, 1}, exact_work)[0].found();
  }
};

void check_same(const std::vector<scored_item>& got, const std::vector<scored_item>& expected) {
  BOOST_REQUIRE_EQUAL(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    BOOST_REQUIRE_EQUAL(got[i].item, expected[i].item);
    BOOST_REQUIRE_EQUAL(got[i].score, expected[i].score);
  }
}

constexpr float everything = 100;

} // namespace

BOOST_AUTO_TEST_SUITE(approximate_retrieval)

BOOST_AUTO_TEST_CASE(assigns_each_row_to_a_cluster_and_is_reproducible) {
  const test::clustered_shop shop(5'000, 1);
  const auto once = cluster_rows(*shop.items, 70, never_stop),
             again = cluster_rows(*shop.items, 70, never_stop);
  BOOST_REQUIRE_EQUAL(once->of_row.size(), 5'000u);
  const std::set<std::uint32_t> used(once->of_row.begin(), once->of_row.end());
  BOOST_CHECK_LT(*used.rbegin(), once->count);
  BOOST_CHECK_GT(used.size(), 60u);
  BOOST_CHECK(once->of_row == again->of_row);
}

BOOST_FIXTURE_TEST_CASE(reaches_the_least_recall_with_a_part_of_the_rows, shop_fixture) {
  const auto effort = choose_effort(index, items, shop.users, 100, never_stop);
  BOOST_REQUIRE_MESSAGE(effort, (effort ? "" : effort.error().message));
  BOOST_CHECK_GE(effort->recall, least_index_recall);
  BOOST_CHECK_LT(effort->rows_share, 0.25);
}

BOOST_FIXTURE_TEST_CASE(scores_and_order_are_those_of_exact_retrieval, shop_fixture) {
  for (std::size_t user = 0; user < 50; ++user) {
    const auto found = search({shop.user(user), {}, 100}, 2);
    const auto all = exact({shop.user(user), {}, items.rows()});
    std::size_t at = 0;
    for (const auto& entry : found) { // a subsequence of the exact list
      while (at < all.size() && all[at].item != entry.item)
        ++at;
      BOOST_REQUIRE_LT(at, all.size());
      BOOST_REQUIRE_EQUAL(entry.score, all[at].score);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(equals_exact_retrieval_with_enough_effort, shop_fixture) {
  for (std::size_t user = 0; user < 20; ++user)
    check_same(search({shop.user(user), {}, 100}, everything), exact({shop.user(user), {}, 100}));
}

BOOST_FIXTURE_TEST_CASE(a_list_does_not_depend_on_the_batch, shop_fixture) {
  std::vector<retrieval_query> queries;
  for (std::size_t user = 0; user < 40; ++user)
    queries.push_back({shop.user(user), {}, 30});
  index_scratch together;
  const auto lists = index.search(items, queries, 2, together);
  for (std::size_t user = 0; user < queries.size(); ++user)
    check_same(search(queries[user], 2), lists[user].found());
}

BOOST_FIXTURE_TEST_CASE(replaces_excluded_items_with_others, shop_fixture) {
  for (std::size_t user = 0; user < 20; ++user) {
    std::vector<std::uint32_t> excluded;
    for (const auto& entry : exact({shop.user(user), {}, 60}))
      excluded.push_back(entry.item);
    std::sort(excluded.begin(), excluded.end());
    const retrieval_query query{shop.user(user), excluded, 100};
    const auto found = search(query, 3);
    BOOST_REQUIRE_EQUAL(found.size(), 100u);
    for (const auto& entry : found)
      BOOST_REQUIRE(!std::binary_search(excluded.begin(), excluded.end(), entry.item));
    check_same(search(query, everything), exact(query));
  }
}

BOOST_FIXTURE_TEST_CASE(lists_are_never_short, shop_fixture) {
  for (const std::size_t count : {1, 100, 5'000, 20'000, 30'000}) {
    BOOST_CHECK_EQUAL(search({shop.user(0), {}, count}, 0).size(), std::min<std::size_t>(count, 20'000));
    BOOST_CHECK_EQUAL(search({shop.user(0), {}, count}, -5).size(), std::min<std::size_t>(count, 20'000));
  }
  BOOST_CHECK(search({shop.user(0), {}, 0}, 2).empty());
}

BOOST_FIXTURE_TEST_CASE(handles_extreme_user_vectors_like_exact_retrieval, shop_fixture) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const float value : {0.0f, 1e-42f, 1e30f, 3e38f, infinity, -infinity, std::nanf("")}) {
    std::vector<float> user(items.width(), 0.0f);
    user[3] = value;
    const retrieval_query query{user, {}, 10};
    const auto expected = exact(query);
    const auto found = search(query, 2);
    BOOST_REQUIRE_EQUAL(found.size(), expected.size());
    if (value == 0) // all scores are equal
      continue;
    for (std::size_t i = 0; i < found.size(); ++i)
      BOOST_CHECK_LE(found[i].score, expected[i].score);
  }
}

BOOST_AUTO_TEST_CASE(indexes_small_and_odd_tables) {
  for (const std::size_t rows : {1, 2, 127, 128, 129, 1000})
    for (const std::size_t width : {1, 3, 64}) {
      auto table = std::make_shared<feature_table>(feature_table{width, std::vector<float>(rows * width)});
      for (std::size_t i = 0; i < table->values.size(); i += 2) // two values in three are zero
        table->values.own()[i] = i % 3 == 0 ? 0 : static_cast<float>(i % 17) - 8;
      const embedding_table items(table);
      const auto index = index_of(items);
      const std::vector<float> user(width, 0.5f);
      index_scratch work;
      retrieval_scratch exact_work;
      const retrieval_query query{user, {}, 20};
      check_same(index.search(items, {&query, 1}, everything, work)[0].found(),
                 retrieve(items, {&query, 1}, exact_work)[0].found());
    }
}

BOOST_FIXTURE_TEST_CASE(stops_when_requested, shop_fixture) {
  BOOST_CHECK(!cluster_rows(*shop.items, 100, stop_now));
  const auto clusters = cluster_rows(*shop.items, 100, never_stop);
  BOOST_CHECK(!approximate_index::build(items, *clusters, stop_now));
  BOOST_CHECK(!choose_effort(index, items, shop.users, 100, stop_now));
}

BOOST_AUTO_TEST_CASE(reports_that_an_index_gains_nothing) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  auto noise = std::make_shared<feature_table>(feature_table{64, std::vector<float>(3'000 * 64)});
  std::generate(noise->values.own().begin(), noise->values.own().end(), [&] { return normal(random); });
  std::vector<float> users(64 * 64);
  std::generate(users.begin(), users.end(), [&] { return normal(random); });
  const embedding_table items(noise);
  const auto index = index_of(items);
  const auto effort = choose_effort(index, items, users, 100, never_stop);
  BOOST_REQUIRE(!effort);
  BOOST_CHECK(effort.error().message.find("quarter") != std::string::npos);
  BOOST_CHECK(!choose_effort(index, items, {}, 100, never_stop)); // no users to measure with
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
