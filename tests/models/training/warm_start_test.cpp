#include "models/training/lightgcn_trainer.hpp"
#include "models/training/networks/din_network.hpp"
#include "models/training/networks/ranknet_network.hpp"
#include "models/training/warm_start/earlier_embeddings.hpp"
#include "models/training/warm_start/id_vectors.hpp"
#include "tests/models/training/lists_of.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

/// What a training takes over from an earlier one.
namespace winnow {

namespace {

using test::lists_of;

id_table ids_of(const std::vector<std::string>& names) {
  id_table ids;
  for (const auto& name : names)
    ids.insert(name);
  return ids;
}

column_scale scale_of(float first, std::size_t width) {
  column_scale scale;
  for (std::size_t k = 0; k < width; ++k)
    scale.append(first + 0.3f * static_cast<float>(k), 0.5f + first + static_cast<float>(k));
  return scale;
}

/// Sets weights like those of a trained network: biases are not zero.
template<class Network>
void move_away_from_start(Network& network) {
  random_source random(5);
  for (auto* one : network.parameters())
    for (auto& value : one->value)
      value += 0.1f * static_cast<float>(random.normal());
}

std::shared_ptr<const checkpoint> saved(std::vector<named_tensor> tensors) {
  return std::make_shared<const checkpoint>("earlier.pth", std::move(tensors),
                                            std::vector<std::pair<std::string, std::string>>{});
}

void check_same(const std::vector<named_tensor>& a, const std::vector<named_tensor>& b) {
  BOOST_REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    BOOST_TEST(a[i].name == b[i].name);
    BOOST_REQUIRE(a[i].values.size() == b[i].values.size());
    for (std::size_t k = 0; k < a[i].values.size(); ++k)
      BOOST_REQUIRE_MESSAGE(std::abs(a[i].values[k] - b[i].values[k]) < 1e-4f, a[i].name << " at " << k);
  }
}

din_shape small_din() {
  din_shape shape;
  shape.id_width = 2;
  shape.embedding_width = shape.channels = 16;
  shape.hidden = {8, 4};
  return shape;
}

const std::vector<std::string> din_names{"a", "b", "c", "din_0", "din_1"};

} // namespace

BOOST_AUTO_TEST_SUITE(warm_start)

BOOST_AUTO_TEST_CASE(known_users_and_items_keep_their_embeddings) {
  const earlier_embeddings earlier{ids_of({"u", "v"}), ids_of({"i", "j"}), 2, {1, 2, 3, 4}, {5, 6, 7, 8}};
  const auto made =
      continue_embeddings(earlier, ids_of({"v", "u"}), ids_of({"j", "i"}), lists_of({{0, 1}, {0}}));
  BOOST_TEST(made.new_users == 0u);
  BOOST_TEST(made.new_items == 0u);
  const std::vector<std::vector<float>> wanted{{3, 4}, {1, 2}, {7, 8}, {5, 6}};
  for (std::size_t node = 0; node < wanted.size(); ++node)
    BOOST_TEST(std::vector<float>(made.rows.row(node), made.rows.row(node) + 2) == wanted[node],
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(new_ones_begin_between_their_neighbours) {
  // Every known user has twice the sum of its neighbours, so a new user gets that, too.
  const earlier_embeddings earlier{ids_of({"u"}), ids_of({"i"}), 2, {2, 4}, {1, 2}};
  const auto made = continue_embeddings(earlier, ids_of({"u", "new", "none"}), ids_of({"i", "fresh"}),
                                        lists_of({{0}, {0, 1}, {}}));
  BOOST_TEST(made.new_users == 2u);
  BOOST_TEST(made.new_items == 1u);
  const auto weight = 1 / std::sqrt(2.0); // of u and i
  const auto* fresh = made.rows.row(4);   // taken by the new user alone
  const auto* added = made.rows.row(1);
  const auto of_user = 2 / weight * (0.5 * 1); // new and i have two neighbours each
  BOOST_TEST(static_cast<double>(added[0]) == of_user, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(static_cast<double>(added[1]) == 2 * of_user, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(fresh[0] > 0);
  BOOST_TEST(made.rows.row(2)[0] == 0);
}

BOOST_AUTO_TEST_CASE(lightgcn_begins_with_the_embeddings_it_is_given) {
  const auto train = lists_of({{0, 1}, {1, 2}});
  thread_team team(2);
  lightgcn_options options;
  options.width = 16;
  auto start = std::make_shared<embedding_rows>(5, 16);
  start->row(3)[7] = 42;
  options.start = start;
  lightgcn_trainer trainer(train, 3, options, team);
  BOOST_CHECK(trainer.initial().values() == start->values());
}

BOOST_AUTO_TEST_CASE(din_goes_on_with_its_weights_under_another_scale) {
  const feature_table fixed{3, std::vector<float>(12, 1.0f)};
  thread_team team(1);
  din_network earlier(fixed, scale_of(0.1f, 3), 4, small_din(), 1, team);
  move_away_from_start(earlier);
  const auto tensors = earlier.tensors();
  din_network next(fixed, scale_of(0.7f, 3), 4, small_din(), 2, team);
  const auto& ids = earlier.id_vectors().value;
  const auto begun = next.start_from({saved(tensors), din_names, din_names}, {ids.data(), ids.size()});
  BOOST_REQUIRE_MESSAGE(begun.has_value(), (begun ? "" : begun.error().message));
  check_same(next.tensors(), tensors);
  BOOST_CHECK(next.id_vectors().value == ids);
}

BOOST_AUTO_TEST_CASE(columns_are_found_by_name_and_new_ones_count_for_nothing_yet) {
  const feature_table fixed{3, std::vector<float>(12, 1.0f)};
  thread_team team(1);
  din_network earlier(fixed, scale_of(0, 3), 4, small_din(), 1, team);
  move_away_from_start(earlier);
  const auto tensors = earlier.tensors();
  din_network next(fixed, scale_of(0.7f, 3), 4, small_din(), 2, team);
  const std::vector<float> ids(8, 0.5f);
  const auto begun = next.start_from({saved(tensors), din_names, {"c", "new", "a", "din_0", "din_1"}}, ids);
  BOOST_REQUIRE(begun.has_value());
  const auto made = next.tensors();
  const auto& old_weight = tensors.front().values;
  const auto& weight = made.front().values;
  for (std::size_t row = 0; row < 16; ++row) {
    BOOST_TEST(weight[row * 5] == old_weight[row * 5 + 2], boost::test_tools::tolerance(1e-4f));
    BOOST_TEST(weight[row * 5 + 1] == 0);
    BOOST_TEST(weight[row * 5 + 2] == old_weight[row * 5], boost::test_tools::tolerance(1e-4f));
  }
}

BOOST_AUTO_TEST_CASE(weights_of_another_shape_are_refused_by_name) {
  const feature_table fixed{3, std::vector<float>(12, 1.0f)};
  thread_team team(1);
  const din_network earlier(fixed, scale_of(0, 3), 4, small_din(), 1, team);
  auto wider = small_din();
  wider.hidden = {16, 4};
  din_network next(fixed, scale_of(0, 3), 4, wider, 2, team);
  const std::vector<float> ids(8);
  const auto refused = next.start_from({saved(earlier.tensors()), din_names, din_names}, ids);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_CHECK(refused.error().cause == fault::unsupported);
  BOOST_TEST(refused.error().message == "earlier.pth: mlp.0.weight: expected 16 × 48 numbers, got 8 × 48");
}

BOOST_AUTO_TEST_CASE(a_batch_norm_that_does_something_is_refused) {
  const feature_table fixed{3, std::vector<float>(12, 1.0f)};
  thread_team team(1);
  const din_network earlier(fixed, scale_of(0, 3), 4, small_din(), 1, team);
  auto tensors = earlier.tensors();
  for (auto& one : tensors)
    if (one.name == "mlp.5.running_mean")
      one.values[2] = 0.5f;
  din_network next(fixed, scale_of(0, 3), 4, small_din(), 2, team);
  const std::vector<float> ids(8);
  const auto refused = next.start_from({saved(tensors), din_names, din_names}, ids);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(refused.error().message.find("mlp.5.running_mean") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ranknet_goes_on_with_and_without_the_items_columns) {
  thread_team team(1);
  for (const bool has_columns : {true, false}) {
    ranknet_shape shape;
    shape.user_width = has_columns ? 2 : 1;
    shape.feature_width = has_columns ? 4 : 2;
    const auto user_scale = [&](float first) { return has_columns ? scale_of(first, 2) : scale_of(0, 0); };
    ranknet_network earlier(shape, has_columns ? user_scale(0.2f) : scale_of(0, 1),
                            scale_of(0.2f, shape.feature_width), 1, team);
    move_away_from_start(earlier);
    auto tensors = earlier.tensors();
    const std::vector<std::string> names =
        has_columns ? std::vector<std::string>{"a", "b", "s", "t"} : std::vector<std::string>{"s", "t"};
    ranknet_network next(shape, has_columns ? user_scale(0.9f) : scale_of(0, 1),
                         scale_of(0.9f, shape.feature_width), 2, team);
    const auto begun = next.start_from({saved(tensors), names, names});
    BOOST_REQUIRE_MESSAGE(begun.has_value(), (begun ? "" : begun.error().message));
    if (!has_columns) // the only input of the user is always 0
      std::fill(tensors[0].values.begin(), tensors[0].values.end(), 0.0f);
    check_same(next.tensors(), tensors);
  }
}

BOOST_AUTO_TEST_CASE(a_new_items_vector_is_the_mean_of_its_neighbours) {
  const float_table features{
      ids_of({"i", "j"}), {"price", "din_0", "din_1"}, 3, std::vector<float>{9, 1, 2, 9, 3, 6}};
  const auto items = ids_of({"j", "new", "i", "alone"});
  const auto vectors = continue_id_vectors(features, 2, items, lists_of({{0, 1, 2}, {2, 1}, {3}}));
  const std::vector<float> wanted{3, 6, 5.0f / 3, 10.0f / 3, 1, 2, 0, 0};
  BOOST_REQUIRE(vectors.size() == wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k)
    BOOST_TEST(vectors[k] == wanted[k], boost::test_tools::tolerance(1e-5f));
  BOOST_TEST(continue_id_vectors(features, 3, items, lists_of({})).empty());
  BOOST_TEST(continue_id_vectors(features, 1, items, lists_of({})).empty());
}

BOOST_AUTO_TEST_CASE(what_is_new_is_what_was_not_counted) {
  const auto users = ids_of({"same", "longer", "new"});
  const auto items = ids_of({"a", "b", "c"});
  const auto train = lists_of({{0, 1}, {0, 1, 2}, {2}});
  user_marks counted(10);
  const std::vector<std::string_view> history{"a", "b"};
  counted.note(user_marks::hash_of("same"), mark_of(history));
  counted.note(user_marks::hash_of("longer"), mark_of(history));
  BOOST_TEST(first_new_items(counted, users, items, train) == (std::vector<std::size_t>{2, 2, 0}),
             boost::test_tools::per_element());
  const auto some = some_lists(train, {false, true, false}, 2);
  BOOST_TEST(some.of(1).size() == 3u);
  BOOST_TEST(some.of(0).size() == 2u);
  BOOST_TEST(some.of(2).empty());
  BOOST_TEST(some_lists(train, {false, true, false}, 0).size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
