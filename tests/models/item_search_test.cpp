#include "models/item_search.hpp"

#include "tests/models/learning/small_models.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

namespace {

using namespace winnow;
using namespace winnow::test;

constexpr std::uint32_t trained = 200, all_items = 230;

/// 200 trained items and 30 adopted ones, with random embeddings.
struct search_fixture {
  std::vector<std::vector<float>> rows;
  std::shared_ptr<model_set> models;

  search_fixture() {
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    for (std::uint32_t item = 0; item < all_items; ++item)
      rows.push_back({normal(random), normal(random)});
    small_models shop(trained);
    shop.items = {rows.begin(), rows.begin() + trained};
    models = shop.make();
    feature_table table{2, {}};
    for (auto item = trained; item < all_items; ++item)
      table.values.own().insert(table.values.own().end(), rows[item].begin(), rows[item].end());
    auto adopted = std::make_shared<adopted_items>();
    adopted->ids = std::make_shared<const id_table>(small_models::numbered("new", all_items - trained));
    adopted->embeddings = embedding_table(std::make_shared<const feature_table>(table));
    auto learned = std::make_shared<learned_items>();
    learned->adopted = adopted;
    models->items = models->items.with(adopted->ids);
    models->item_embeddings = models->item_embeddings.with(adopted->embeddings.table());
    models->learned = learned;
  }

  std::vector<scored_item> search(const std::vector<float>& user, const std::vector<std::uint32_t>& excluded,
                                  std::size_t count) const {
    retrieval_scratch exact, adopted;
    index_scratch index;
    const retrieval_query query{user, excluded, count};
    return search_items(*models, {&query, 1}, {exact, index, adopted}, nullptr)[0];
  }

  std::vector<scored_item> expected(const std::vector<float>& user,
                                    const std::vector<std::uint32_t>& excluded, std::size_t count) const {
    std::vector<scored_item> list;
    for (std::uint32_t item = 0; item < all_items; ++item)
      if (!std::binary_search(excluded.begin(), excluded.end(), item))
        list.push_back({item, user[0] * rows[item][0] + user[1] * rows[item][1]});
    std::sort(list.begin(), list.end(), ranks_before);
    list.resize(std::min(count, list.size()));
    return list;
  }

  void check(const std::vector<float>& user, const std::vector<std::uint32_t>& excluded,
             std::size_t count) const {
    const auto found = search(user, excluded, count), wanted = expected(user, excluded, count);
    BOOST_REQUIRE_EQUAL(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      BOOST_CHECK_EQUAL(found[i].item, wanted[i].item);
      BOOST_CHECK_CLOSE(found[i].score, wanted[i].score, 1e-3f);
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_search, search_fixture)

BOOST_AUTO_TEST_CASE(lists_trained_and_adopted_items_in_one_order) {
  for (const auto& user : std::vector<std::vector<float>>{{1, 0}, {-1, 2}, {0.1f, -3}})
    for (const std::size_t count : {1u, 7u, 100u, 230u, 500u})
      check(user, {}, count);
}

BOOST_AUTO_TEST_CASE(finds_no_excluded_item_of_either_kind) {
  const std::vector<float> user{1, 0.5f};
  std::vector<std::uint32_t> best;
  for (const auto& entry : expected(user, {}, 60))
    best.push_back(entry.item);
  std::sort(best.begin(), best.end());
  BOOST_REQUIRE_GE(best.back(), trained); // of both
  check(user, best, 40);
  check(user, {trained, trained + 1, all_items - 1}, 230);
  check(user, {0, 1, 2}, 230);
}

BOOST_AUTO_TEST_CASE(answers_several_queries_with_exclusions_of_their_own) {
  const std::vector<float> one{1, 0}, other{0, 1};
  const std::vector<std::uint32_t> of_one{3, trained + 4}, of_other{trained + 5};
  const retrieval_query queries[] = {{one, of_one, 50}, {other, of_other, 20}};
  retrieval_scratch exact, adopted;
  index_scratch index;
  const auto lists = search_items(*models, queries, {exact, index, adopted}, nullptr);
  const auto same = [](const std::vector<scored_item>& a, const std::vector<scored_item>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const scored_item& x, const scored_item& y) { return x.item == y.item; });
  };
  BOOST_REQUIRE_EQUAL(lists.size(), 2u);
  BOOST_CHECK(same(lists[0], expected(one, of_one, 50)));
  BOOST_CHECK(same(lists[1], expected(other, of_other, 20)));
}

BOOST_AUTO_TEST_SUITE_END()
