#include "models/ranking/din.hpp"
#include "models/ranking/ranknet.hpp"
#include "tests/models/kernels/instruction_sets.hpp"
#include "tests/models/ranking/random_models.hpp"
#include "tests/models/ranking/torch_reference.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

namespace {

using namespace winnow;
using namespace winnow::test;

constexpr double tolerance = 1e-4;
constexpr std::uint32_t item_count = 300;

feature_table random_features(std::size_t width, std::mt19937& random) {
  std::uniform_real_distribution<float> uniform(-1, 1);
  feature_table features{width, std::vector<float>(item_count * width)};
  for (auto& value : features.values.own())
    value = uniform(random);
  return features;
}

/// Returns random items, of which one in ten is unknown.
std::vector<std::uint32_t> random_history(std::size_t length, std::mt19937& random) {
  std::vector<std::uint32_t> items(length);
  for (auto& item : items)
    item = random() % 10 == 0 ? unknown_item : static_cast<std::uint32_t>(random() % item_count);
  return items;
}

std::vector<std::uint32_t> random_candidates(std::size_t count, std::mt19937& random) {
  std::vector<std::uint32_t> items(count);
  for (auto& item : items)
    item = static_cast<std::uint32_t>(random() % item_count);
  return items;
}

struct request {
  std::vector<std::uint32_t> candidates;
  std::vector<std::uint32_t> history;
  std::vector<float> scores;
};

std::vector<request> random_requests(std::mt19937& random) {
  std::vector<request> requests;
  for (const std::size_t length : {0, 1, 2, 15, 16, 17, 49, 50, 51, 200}) {
    request one{random_candidates(1 + random() % 120, random), random_history(length, random), {}};
    one.scores.resize(one.candidates.size());
    requests.push_back(std::move(one));
  }
  return requests;
}

std::vector<ranking_query> queries_of(std::vector<request>& requests) {
  std::vector<ranking_query> queries;
  for (auto& one : requests)
    queries.push_back({one.candidates, one.history, one.scores});
  return queries;
}

void check_scores(const std::vector<float>& got, const std::vector<float>& expected) {
  BOOST_REQUIRE_EQUAL(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    BOOST_CHECK_SMALL(double(got[i]) - expected[i], tolerance);
}

/// Compares the scores of random requests by the native model and by the reference.
template<class Model>
void check_ranker(const checkpoint& file, const engine_ranker& reference, const feature_table& features,
                  std::mt19937& random) {
  const auto model = Model::from_checkpoint(file);
  BOOST_REQUIRE_MESSAGE(model, (model ? "" : model.error().message));
  auto requests = random_requests(random);
  auto expected = requests;
  const auto scored = reference.score(features, queries_of(expected));
  BOOST_REQUIRE_MESSAGE(scored, (scored ? "" : scored.error().message));
  with_each_instruction_set([&](const std::string& target) {
    BOOST_TEST_CONTEXT(target) {
      typename Model::scratch work;
      model->score(features, queries_of(requests), work);
      for (std::size_t i = 0; i < requests.size(); ++i)
        check_scores(requests[i].scores, expected[i].scores);
    }
  });
}

void check_din(const checkpoint& file, const feature_table& features, std::mt19937& random) {
  check_ranker<din_model>(file, *reference_din(file), features, random);
}

void check_attention(const checkpoint& file, const feature_table& features, std::mt19937& random) {
  const auto model = din_model::from_checkpoint(file);
  BOOST_REQUIRE_MESSAGE(model, (model ? "" : model.error().message));
  const auto reference = reference_din(file);
  din_model::scratch work;
  for (const auto& one : random_requests(random)) {
    const std::size_t seen = std::min(one.history.size(), din_model::history_limit);
    std::vector<float> weights(one.candidates.size() * seen), expected(weights.size());
    model->attend(features, one.candidates, one.history, work, weights);
    BOOST_REQUIRE(reference->attend(features, one.candidates, one.history, expected));
    check_scores(weights, expected);
  }
}

template<class Model>
std::string refusal(std::vector<named_tensor> tensors) {
  const auto model = Model::from_checkpoint(checkpoint("model.pth", std::move(tensors), {}));
  BOOST_REQUIRE(!model);
  return model.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rankers)

BOOST_AUTO_TEST_CASE(din_of_any_shape_scores_like_the_definition) {
  std::mt19937 random(7);
  for (const auto& shape : std::vector<din_shape>{{3, 16, 16, {16, 8}},
                                                  {1, 1, 1, {1}},
                                                  {3, 256, 256, {128, 64, 32}},
                                                  {64, 32, 48, {40, 24, 12}},
                                                  {17, 5, 9, {33}},
                                                  {128, 128, 64, {64, 32}}}) {
    const checkpoint file("model.pth", random_din(shape, random), {});
    check_din(file, random_features(static_cast<std::size_t>(shape.features), random), random);
  }
}

BOOST_AUTO_TEST_CASE(din_of_any_shape_attends_like_the_definition) {
  std::mt19937 random(16);
  for (const auto& shape : std::vector<din_shape>{
           {3, 16, 16, {16, 8}}, {1, 1, 1, {1}}, {64, 32, 48, {40, 24, 12}}, {17, 5, 9, {33}}}) {
    const checkpoint file("model.pth", random_din(shape, random), {});
    check_attention(file, random_features(static_cast<std::size_t>(shape.features), random), random);
  }
}

BOOST_AUTO_TEST_CASE(ranknet_of_any_shape_scores_like_the_definition) {
  std::mt19937 random(8);
  for (const auto& shape : std::vector<ranknet_shape>{{8, 3, 16, {16, 8}},
                                                      {1, 1, 1, {1}},
                                                      {128, 3, 128, {128, 64, 32}},
                                                      {64, 64, 32, {40, 24, 12}},
                                                      {40, 17, 7, {33}}}) {
    const checkpoint file("model.pth", random_ranknet(shape, random), {});
    check_ranker<ranknet_model>(file, *reference_ranknet(file),
                                random_features(static_cast<std::size_t>(shape.features), random), random);
  }
}

BOOST_AUTO_TEST_CASE(denormal_weights_do_not_change_scores) {
  std::mt19937 random(9);
  auto tensors = random_din({3, 16, 16, {16, 8}}, random);
  // Weight decay leaves channels and units with only denormal weights in real checkpoints.
  for (const char* name :
       {"attention.w_query.weight", "attention.w_key.weight", "mlp.0.weight", "mlp.4.weight"}) {
    auto& weight = tensor_in(tensors, name);
    const auto columns = static_cast<std::size_t>(weight.shape[1]);
    std::fill_n(weight.values.begin(), 3 * columns, 1e-40f);
  }
  for (std::size_t r = 0; r < 8; ++r)
    tensor_in(tensors, "mlp.4.weight").values[r * 16 + 5] =
        1e-41f; // no unit of the second layer uses unit 5 of the first
  tensor_in(tensors, "attention.w_value.weight").values[7] = 1e-39f;
  const checkpoint file("model.pth", tensors, {});
  check_din(file, random_features(3, random), random);
  BOOST_CHECK_EQUAL(din_model::from_checkpoint(file)->channels(), 16 - 4);
}

BOOST_AUTO_TEST_CASE(a_score_does_not_depend_on_the_batch) {
  std::mt19937 random(10);
  const auto features = random_features(3, random);
  const auto model = din_model::from_checkpoint(checkpoint("model.pth", random_din({}, random), {}));
  auto together = random_requests(random);
  auto alone = together;
  din_model::scratch work;
  model->score(features, queries_of(together), work);
  const auto queries = queries_of(alone);
  for (const auto& query : queries)
    model->score(features, gsl::span<const ranking_query>(&query, 1), work);
  for (std::size_t i = 0; i < alone.size(); ++i)
    BOOST_CHECK_EQUAL_COLLECTIONS(alone[i].scores.begin(), alone[i].scores.end(), together[i].scores.begin(),
                                  together[i].scores.end());
}

BOOST_AUTO_TEST_CASE(equal_items_get_bit_equal_scores_at_all_positions) {
  std::mt19937 random(11);
  const auto features = random_features(3, random);
  const auto model = din_model::from_checkpoint(checkpoint("model.pth", random_din({}, random), {}));
  request one{std::vector<std::uint32_t>(77, 42), random_history(20, random), std::vector<float>(77)};
  std::vector<request> requests{one};
  din_model::scratch work;
  model->score(features, queries_of(requests), work);
  for (const auto score : requests[0].scores)
    BOOST_CHECK_EQUAL(score, requests[0].scores[0]);
}

BOOST_AUTO_TEST_CASE(a_wrong_shape_is_reported_with_the_expected_and_actual_shape) {
  std::mt19937 random(12);
  auto tensors = random_din({}, random);
  auto& key = tensor_in(tensors, "attention.w_key.weight");
  key.shape = {8, 16};
  key.values.resize(8 * 16);
  BOOST_CHECK_EQUAL(refusal<din_model>(tensors),
                    "model.pth: tensor attention.w_key.weight: expected shape [16, 16], got [8, 16]");
}

BOOST_AUTO_TEST_CASE(a_tensor_without_values_is_reported_with_its_shape) {
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{0}, {0, 16}, {8, 0}}) {
    std::mt19937 random(12);
    auto tensors = random_din({}, random);
    auto& embedding = tensor_in(tensors, "item_embedding.weight");
    embedding.shape = shape;
    embedding.values.clear();
    const auto message = refusal<din_model>(tensors);
    BOOST_TEST(message.find("item_embedding.weight: expected shape [any, any], got [") != std::string::npos,
               message);
    BOOST_TEST(message.find("any]", message.find("got")) == std::string::npos, message);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_tensor_is_reported_by_name) {
  std::mt19937 random(13);
  auto tensors = random_ranknet({}, random);
  tensors.erase(std::remove_if(tensors.begin(), tensors.end(),
                               [](const named_tensor& tensor) { return tensor.name == "mlp.5.running_var"; }),
                tensors.end());
  const auto message = refusal<ranknet_model>(tensors);
  BOOST_CHECK_MESSAGE(message.find("mlp.5.running_var") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(refuses_an_unexpected_tensor) {
  std::mt19937 random(14);
  auto tensors = random_din({}, random);
  tensors.push_back({"attention.w_query.bias", {16}, std::vector<float>(16, 0.5f)});
  const auto message = refusal<din_model>(tensors);
  BOOST_CHECK_MESSAGE(message.find("attention.w_query.bias") != std::string::npos, message);
}

// So do quantised checkpoints keep the scale of a weight; it must not pass as a part of the weight's name.
BOOST_AUTO_TEST_CASE(refuses_a_tensor_that_begins_with_the_name_of_another) {
  for (const std::string name : {"item_embedding.weight_scale", "attention.w_key.weight.lora_A",
                                 "mlp.1.weight_scale", "mlp.1.eps", "output_layer.weight_mask"}) {
    std::mt19937 random(14);
    auto tensors = random_din({}, random);
    tensors.push_back({name, {1}, {0.5f}});
    BOOST_TEST(refusal<din_model>(tensors) == "model.pth: tensor " + name + " is not part of this model");
  }
}

BOOST_AUTO_TEST_CASE(ignores_counters_beside_the_weights) {
  std::mt19937 random(9);
  auto tensors = random_din({}, random);
  named_tensor averaged{"n_averaged", {}, {7}};
  averaged.is_counter = true;
  tensors.push_back(averaged);
  const auto model = din_model::from_checkpoint(checkpoint("model.pth", std::move(tensors), {}));
  BOOST_TEST(model.has_value(), (model ? "" : model.error().message));
}

BOOST_AUTO_TEST_CASE(says_why_a_tensor_could_not_be_read) {
  for (const std::string name : {"mlp.0.weight", "mlp.0.bias", "mlp.4.weight", "attention.w_key.weight"}) {
    std::mt19937 random(9);
    auto tensors = random_din({}, random);
    tensors.erase(std::remove_if(tensors.begin(), tensors.end(),
                                 [&](const named_tensor& tensor) { return tensor.name == name; }),
                  tensors.end());
    const auto model = din_model::from_checkpoint(
        checkpoint("model.pth", std::move(tensors), {}, {{name, "refused global a.b"}}));
    BOOST_REQUIRE(!model);
    BOOST_TEST(model.error().message == "model.pth: tensor " + name + ": refused global a.b");
  }
}

BOOST_AUTO_TEST_CASE(refuses_weights_that_are_not_finite) {
  std::mt19937 random(15);
  for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    auto tensors = random_din({}, random);
    tensor_in(tensors, "mlp.4.weight").values[3] = bad;
    const auto message = refusal<din_model>(tensors);
    BOOST_CHECK_MESSAGE(message.find("mlp.4.weight: value 3 is not finite") != std::string::npos, message);
  }
}

BOOST_AUTO_TEST_CASE(refuses_quantised_weights) {
  std::mt19937 random(16);
  auto tensors = random_din({}, random);
  tensor_in(tensors, "mlp.0.weight").is_integral = true;
  BOOST_TEST(refusal<din_model>(tensors) ==
             "model.pth: tensor mlp.0.weight: expected floating-point numbers, got integers: save the "
             "weights as they are before they are quantised");
}

BOOST_AUTO_TEST_SUITE_END()
