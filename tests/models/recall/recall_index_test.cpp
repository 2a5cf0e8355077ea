#include "models/recall/recall_index.hpp"

#include "clustered_shop.hpp"
#include "models/cascade.hpp"
#include "models/model_set.hpp"
#include "models/recall/kept_index.hpp"
#include "scored_lists.hpp"
#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace winnow {

namespace {

namespace fs = std::filesystem;

const std::atomic<bool> never_stop{false};

id_table numbered(const std::string& prefix, std::size_t count) {
  id_table ids;
  for (std::size_t at = 0; at < count; ++at)
    ids.insert(prefix + std::to_string(at));
  return ids;
}

/// A shop's models without rankers, and a cache directory.
struct prepared_shop {
  test::clustered_shop shop{8'000, 200};
  model_set models;
  test::temporary_directory dir;
  fs::path cache = dir.path() / "cache", kept = cache / "item_embeddings.index";

  prepared_shop() {
    models.item_embeddings = embedding_table(shop.items);
    models.user_embeddings = std::make_shared<const stored_rows>(test::clustered_shop::width, shop.users);
    models.users = std::make_shared<const id_table>(numbered("u", 200));
    models.items = catalogue(numbered("i", 8'000));
  }

  result<std::shared_ptr<const recall_index>> prepare_in(const fs::path& directory, std::size_t count = 50,
                                                         const std::atomic<bool>& stop = never_stop) const {
    return prepare_index(models.item_embeddings, *models.user_embeddings, count, directory, stop);
  }

  std::shared_ptr<const recall_index> prepare(std::size_t count = 50) const {
    return test::need(prepare_in(cache, count));
  }

  std::vector<scored_item> candidates_of(const std::string& user) const {
    const auto context = resolve_user(models, user, {});
    const user_context* const users[] = {&context};
    cascade_scratch work;
    return generate_candidates(models, users, 50, work)[0].items;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(prepared_index, prepared_shop)

BOOST_AUTO_TEST_CASE(a_cached_index_gives_identical_lists) {
  const auto built = prepare();
  BOOST_CHECK(!built->kept);
  BOOST_CHECK_GE(built->effort.recall, least_index_recall);
  models.index->publish(built);
  const auto lists = candidates_of("u7");
  BOOST_CHECK_EQUAL(lists.size(), 50u);

  const auto read = prepare();
  BOOST_CHECK(read->kept);
  BOOST_CHECK_EQUAL(read->effort.recall, built->effort.recall);
  BOOST_CHECK_EQUAL(read->effort.deviations, built->effort.deviations);
  models.index->publish(read);
  BOOST_CHECK(same(candidates_of("u7"), lists));
}

BOOST_AUTO_TEST_CASE(candidates_come_from_a_published_index) {
  std::vector<std::vector<scored_item>> exact;
  for (int user = 0; user < 200; ++user)
    exact.push_back(candidates_of("u" + std::to_string(user)));
  models.index->publish(prepare());
  std::size_t found = 0, wanted = 0;
  bool any_other = false;
  for (std::size_t user = 0; user < exact.size(); ++user) {
    const auto list = candidates_of("u" + std::to_string(user));
    any_other = any_other || !same(list, exact[user]);
    wanted += exact[user].size();
    for (const auto& entry : list)
      found += std::any_of(exact[user].begin(), exact[user].end(),
                           [&](const scored_item& other) { return other.item == entry.item; });
  }
  BOOST_CHECK_GE(static_cast<double>(found), least_index_recall * static_cast<double>(wanted));
  BOOST_CHECK(any_other); // otherwise the index was not used
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_replaced) {
  prepare();
  const auto whole = test::bytes_of(kept);
  for (const std::size_t at : {std::size_t{0}, std::size_t{9}, std::size_t{30}, std::size_t{50},
                               std::size_t{64}, whole.size() / 2, whole.size() - 1}) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::ofstream(kept, std::ios::binary) << damaged;
    BOOST_TEST_REQUIRE(!prepare()->kept, "byte " << at);
    BOOST_TEST_REQUIRE(test::bytes_of(kept) == whole, "byte " << at);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{40}, whole.size() - 1}) {
    fs::resize_file(kept, size);
    BOOST_TEST_REQUIRE(!prepare()->kept, "cut at " << size);
  }
  BOOST_CHECK(prepare()->kept);
}

BOOST_AUTO_TEST_CASE(a_cached_index_is_valid_only_for_its_embeddings_and_count) {
  prepare();
  BOOST_CHECK(!prepare(60)->kept);
  BOOST_CHECK(prepare(60)->kept);
  auto changed = *shop.items;
  changed.values.own()[12'345] += 1e-6f;
  models.item_embeddings = embedding_table(std::make_shared<const feature_table>(changed));
  BOOST_CHECK(!prepare(60)->kept);
  auto users = shop.users;
  users[0] += 1e-6f;
  models.user_embeddings = std::make_shared<const stored_rows>(test::clustered_shop::width, users);
  BOOST_CHECK(!prepare(60)->kept);
  const auto other = read_kept_index(kept, "0123456789abcdef", 8'000);
  BOOST_REQUIRE(!other);
  BOOST_CHECK_EQUAL(other.error().message,
                    kept.string() + ": built from other embeddings or for another list length");
}

BOOST_AUTO_TEST_CASE(without_a_directory_the_index_is_not_cached) {
  BOOST_CHECK(!test::need(prepare_in({}))->kept);
  BOOST_CHECK(!test::need(prepare_in(dir.path() / "no" / "such"))->kept);
  BOOST_CHECK(!fs::exists(cache));
}

BOOST_AUTO_TEST_CASE(stops_when_requested_and_leaves_no_file) {
  const std::atomic<bool> stop{true};
  const auto index = prepare_in(cache, 50, stop);
  BOOST_REQUIRE(!index);
  BOOST_CHECK(index.error().cause == fault::unavailable);
  BOOST_CHECK(!fs::exists(kept));
}

BOOST_AUTO_TEST_CASE(refuses_embeddings_that_overflow) {
  auto changed = *shop.items;
  changed.values.own()[77] = 3e38f;
  changed.values.own()[78] = 3e38f;
  models.item_embeddings = embedding_table(std::make_shared<const feature_table>(changed));
  BOOST_CHECK(!prepare_in({}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
