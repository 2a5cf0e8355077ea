#include "models/learning/adopted_shelf.hpp"

#include "models/learning/state_bytes.hpp"
#include "tests/models/fixtures.hpp"
#include "tests/models/learning/small_models.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>

namespace {

using namespace winnow;
using namespace winnow::test;

const std::vector<float> weights{1.0f, 0.5f}; // of the last item and the one before it

/// Items of which the rare ones are 2 long and those that were taken 3 to 6 times 5, in two directions; user
/// u0 points up, like the items i1 and i3.
struct shelf_fixture {
  small_models shop{4};

  shelf_fixture() {
    shop.items = {{2, 0}, {0, 2}, {5, 0}, {0, 5}};
    shop.taken = {0, 0, 3, 6};
    shop.features = {10, 20, 30, 40};
    shop.users = {{0, 7}};
  }

  adopted_shelf shelf() const { return adopted_shelf(shop.make()); }
};

/// The same with a feature file `item_id,stock,price`, of which the rankers use the price.
struct file_fixture : shelf_fixture {
  temporary_file file{"item_id,stock,price\ni0,1,10\n"};

  adopted_shelf shelf() const {
    feature_plan plan;
    plan.file = file.path();
    plan.file_names = {"stock", "price"};
    plan.din.of_file = plan.ranknet.of_file = {{1, 0}};
    auto models = shop.make();
    models->features = std::make_shared<const feature_plan>(plan);
    adopted_shelf made(models);
    made.add("new");
    made.note(0, {1, std::nullopt, {0}}, weights);
    return made;
  }
};

item_event by_stranger(std::vector<std::uint32_t> before) {
  return {1, std::nullopt, std::move(before)};
}

void check_embedding(const adopted_items& all, std::uint32_t place, double x, double y) {
  BOOST_CHECK_SMALL(all.embeddings.row(place)[0] - x, 1e-5);
  BOOST_CHECK_SMALL(all.embeddings.row(place)[1] - y, 1e-5);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(adopted_shelf_, shelf_fixture)

BOOST_AUTO_TEST_CASE(an_item_points_where_its_neighbours_and_readers_point) {
  auto all = shelf();
  BOOST_CHECK_EQUAL(all.add("between"), 0u);
  all.note(0, {1, 0u, {0}}, weights); // the reader points up, the neighbour to the right
  BOOST_CHECK_EQUAL(all.add("right"), 1u);
  all.note(1, by_stranger({0, 2}), weights); // whose vector is the mean of these items
  const auto built = all.build();
  check_embedding(*built, 0, 2 / std::sqrt(2.0), 2 / std::sqrt(2.0));
  check_embedding(*built, 1, 2, 0);
  BOOST_CHECK_EQUAL(built->ids->find("right").value(), 1u);
  BOOST_CHECK_CLOSE(built->inverse_norms[0], 0.5f, 1e-3f);
}

BOOST_AUTO_TEST_CASE(near_neighbours_count_more_whatever_their_length) {
  auto all = shelf();
  all.add("new");
  all.note(0, {1, std::nullopt, {3, 0}}, weights);
  const auto built = all.build();
  // Neighbours: (0, 1) + 0.5 · (1, 0). The reader: the mean of (0, 5) and (2, 0).
  const double neighbours = std::hypot(1, 0.5), reader = std::hypot(5, 2);
  const double x = 0.5 / neighbours + 2 / reader, y = 1 / neighbours + 5 / reader;
  check_embedding(*built, 0, 2 * x / std::hypot(x, y), 2 * y / std::hypot(x, y));
}

BOOST_AUTO_TEST_CASE(an_item_is_as_long_as_trained_ones_that_were_taken_as_often) {
  auto all = shelf();
  all.add("new");
  for (const double length : {2, 2, 5, 5, 5, 5, 5, 5}) { // taken 1, 2, 3, … times
    all.note(0, by_stranger({0}), weights);
    check_embedding(*all.build(), 0, length, 0);
  }
}

BOOST_AUTO_TEST_CASE(an_item_about_which_nothing_is_known_is_zero) {
  auto all = shelf();
  all.add("new");
  all.note(0, by_stranger({unknown_item, 4}), weights); // 4 is the item itself
  const auto built = all.build();
  check_embedding(*built, 0, 0, 0);
  BOOST_CHECK_EQUAL(built->inverse_norms[0], 0.0f);
  BOOST_CHECK_EQUAL(built->din_features->row(0)[0], 0.0f);
}

BOOST_AUTO_TEST_CASE(features_are_the_mean_of_the_neighbours) {
  auto all = shelf();
  all.add("new");
  all.note(0, by_stranger({1, 3, 0}), weights); // the third is too far away to count
  const auto built = all.build();
  BOOST_CHECK_CLOSE(built->din_features->row(0)[0], (20 + 0.5f * 40) / 1.5f, 1e-3f);
  BOOST_CHECK_CLOSE(built->ranknet_features->row(0)[0], (20 + 0.5f * 40) / 1.5f, 1e-3f);
}

BOOST_AUTO_TEST_CASE(columns_of_the_embedding_come_from_the_items_own) {
  auto models = shop.make();
  feature_plan plan;
  plan.din.of_embeddings = {{1, 0}};
  models->features = std::make_shared<const feature_plan>(plan);
  adopted_shelf all(models);
  all.add("new");
  all.note(0, by_stranger({3}), weights);
  const auto built = all.build();
  BOOST_CHECK_EQUAL(built->din_features->row(0)[0], built->embeddings.row(0)[1]);
  BOOST_CHECK_EQUAL(built->ranknet_features->row(0)[0], 40.0f);
}

BOOST_AUTO_TEST_CASE(tables_are_outdated_by_new_items_and_by_a_quarter_more_events) {
  auto all = shelf();
  BOOST_CHECK(!all.is_outdated());
  all.add("new");
  BOOST_CHECK(all.is_outdated());
  for (int i = 0; i < 4; ++i)
    all.note(0, by_stranger({0}), weights);
  all.build();
  BOOST_CHECK(!all.is_outdated());
  all.note(0, by_stranger({0}), weights);
  BOOST_CHECK(!all.is_outdated());
  all.note(0, by_stranger({0}), weights);
  BOOST_CHECK(all.is_outdated());
}

BOOST_AUTO_TEST_CASE(tables_that_were_built_stay_as_they_were) {
  auto all = shelf();
  all.add("first");
  all.note(0, by_stranger({0}), weights);
  const auto old = all.build();
  all.add("second");
  all.note(0, by_stranger({1}), weights);
  const auto built = all.build();
  BOOST_CHECK_EQUAL(old->ids->size(), 1u);
  check_embedding(*old, 0, 2, 0);
  BOOST_CHECK_EQUAL(built->ids->size(), 2u);
  BOOST_CHECK_EQUAL(built->embeddings.rows(), 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(adopted_features, file_fixture)

BOOST_AUTO_TEST_CASE(come_from_the_file_once_it_has_the_item) {
  auto all = shelf();
  BOOST_CHECK(all.read_features());
  BOOST_CHECK_EQUAL(all.build()->din_features->row(0)[0], 10.0f); // as its neighbour
  BOOST_CHECK(all.read_features());
  BOOST_CHECK(!all.is_outdated());
  file.write("item_id,stock,price\ni0,1,10\nnew,2,99\nanother,3,3\n");
  BOOST_CHECK(all.read_features());
  BOOST_CHECK(all.is_outdated());
  const auto built = all.build();
  BOOST_CHECK_EQUAL(built->din_features->row(0)[0], 99.0f);
  BOOST_CHECK_EQUAL(built->ranknet_features->row(0)[0], 99.0f);
}

BOOST_AUTO_TEST_CASE(are_looked_up_for_an_item_that_comes_after_its_row) {
  file.write("item_id,stock,price\nlater,1,77\n");
  auto all = shelf();
  BOOST_CHECK(all.read_features());
  const auto place = all.add("later");
  BOOST_CHECK(all.read_features());
  BOOST_CHECK_EQUAL(all.build()->din_features->row(place)[0], 77.0f);
}

BOOST_AUTO_TEST_CASE(do_not_come_from_a_row_with_other_columns_after_a_restart) {
  file.write("item_id,stock,price\nnew,2,99\n");
  auto before = shelf();
  BOOST_CHECK(before.read_features());
  BOOST_CHECK_EQUAL(before.build()->din_features->row(0)[0], 99.0f);
  state_writer saved;
  before.save(saved);

  file.write("item_id,colour,stock,price\ni0,1,1,10\n"); // without the item
  feature_plan plan;
  plan.file = file.path();
  plan.file_names = {"colour", "stock", "price"};
  plan.din.of_file = plan.ranknet.of_file = {{2, 0}};
  auto models = shop.make();
  models->features = std::make_shared<const feature_plan>(plan);
  adopted_shelf after(models);
  state_reader from(saved.bytes());
  BOOST_REQUIRE(after.restore(from) == std::vector<bool>{true});
  BOOST_CHECK(!from.is_broken() && from.at_end());
  BOOST_CHECK(after.read_features());
  BOOST_CHECK_EQUAL(after.build()->din_features->row(0)[0], 10.0f); // as its neighbour
}

BOOST_AUTO_TEST_CASE(stay_if_the_file_cannot_be_read) {
  file.write("item_id,stock,price\nnew,1,99\n");
  auto all = shelf();
  BOOST_CHECK(all.read_features());
  for (const auto* broken :
       {"item_id,stock,price\nnew,1\n", "item_id,stock,price\nnew,1,x\n", "item_id,stock\nnew,1\n",
        "item_id,price,stock\nnew,5,1\n",
        "item_id,stock,cost\nnew,1,5\n"}) { // the last ones lack the rankers' column there
    file.write(broken);
    const auto read = all.read_features();
    BOOST_REQUIRE_MESSAGE(!read, broken);
    BOOST_CHECK_EQUAL(read.error().message.find(file.path().string() + ":"), 0u);
    BOOST_CHECK_EQUAL(all.build()->din_features->row(0)[0], 99.0f);
  }
}

BOOST_AUTO_TEST_SUITE_END()
