#include "models/training/checkpoint_writer.hpp"

#include "models/ranking/din.hpp"
#include "models/ranking/ranknet.hpp"
#include "models/training/networks/din_network.hpp"
#include "models/training/networks/ranknet_network.hpp"
#include "support/child_process.hpp"
#include "support/environment.hpp"
#include "tests/models/training/files.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
           return x == y && std::signbit(x) == std::signbit(y);
         });
}

std::vector<named_tensor> some_tensors() {
  using limits = std::numeric_limits<float>;
  return {{"embedding.weight",
           {2, 3},
           {1.5f, -0.0f, limits::denorm_min(), limits::max(), limits::lowest(), 1e-20f}},
          {"long name of ünusual letters", {1}, {0.1f}},
          {"norm.num_batches_tracked", {}, {70'000.0f}},
          {"cube", {1, 2, 1}, {3, 4}},
          {"empty", {0, 4}, {}}};
}

std::vector<float> numbers(random_source& random, std::size_t count) {
  std::vector<float> all(count);
  for (auto& value : all)
    value = static_cast<float>(random.normal());
  return all;
}

json rows_of(const std::vector<float>& values, std::size_t width) {
  auto rows = json::array();
  for (std::size_t at = 0; at < values.size(); at += width)
    rows.push_back(std::vector<float>(values.begin() + static_cast<std::ptrdiff_t>(at),
                                      values.begin() + static_cast<std::ptrdiff_t>(at + width)));
  return rows;
}

void move_away_from_start(const std::vector<parameter*>& parameters, random_source& random) {
  for (auto* one : parameters)
    for (auto& value : one->value)
      value += static_cast<float>(0.1 * random.normal());
}

column_scale some_scale(random_source& random, std::size_t width) {
  column_scale scale;
  for (std::size_t k = 0; k < width; ++k)
    scale.append(static_cast<float>(random.normal()), static_cast<float>(0.5 + random.uniform()));
  return scale;
}

/// Returns PyTorch's report on the files in a folder.
json read_by_torch(const std::string& folder) {
  const auto script = test::required_variable("WINNOW_SOURCE_DIR") + "/tests/models/training/torch_reader.py";
  test::child_process python(
      {"sh", "-c", "exec '" + script + "' '" + folder + "' >'" + folder + "/out' 2>'" + folder + "/err'"},
      folder + "/shell");
  const auto code = python.wait(std::chrono::seconds(120));
  BOOST_REQUIRE_MESSAGE(code == 0, test::bytes_of(folder + "/err"));
  return json::parse(test::bytes_of(folder + "/out"));
}

void check_scores(const std::vector<std::vector<float>>& got, const json& wanted) {
  BOOST_REQUIRE_EQUAL(got.size(), wanted.size());
  for (std::size_t query = 0; query < got.size(); ++query)
    for (std::size_t i = 0; i < got[query].size(); ++i)
      BOOST_CHECK_SMALL(got[query][i] - wanted[query][i].get<double>(), 1e-4);
}

void check_tensors(const json& found, const std::vector<named_tensor>& written) {
  BOOST_CHECK_EQUAL(found["is_ordered"], true);
  BOOST_REQUIRE_EQUAL(found["tensors"].size(), written.size());
  for (const auto& tensor : written)
    BOOST_TEST_CONTEXT(tensor.name) {
      const auto& read = found["tensors"][tensor.name];
      BOOST_CHECK_EQUAL(read["type"], tensor.shape.empty() ? "torch.int64" : "torch.float32");
      BOOST_CHECK(read["shape"].get<std::vector<std::int64_t>>() == tensor.shape);
      BOOST_CHECK_EQUAL(read["device"], "cpu");
      BOOST_CHECK_EQUAL(read["learns"], false);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_writer_suite)

BOOST_AUTO_TEST_CASE(the_reader_returns_the_written_content) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "model.pth";
  for (const auto* key : {"", "state_dict", "model_state_dict"}) {
    const checkpoint_content content{
        key,
        some_tensors(),
        "config",
        {{"width", {16}}, {"hidden", {128, 64}}, {"large", {std::int64_t{1} << 40}}}};
    BOOST_REQUIRE(write_checkpoint(path, content));
    const auto read = test::need(load_checkpoint(path));
    BOOST_REQUIRE_EQUAL(read.tensors().size(), content.tensors.size());
    for (std::size_t i = 0; i < content.tensors.size(); ++i) {
      BOOST_CHECK_EQUAL(read.tensors()[i].name, content.tensors[i].name);
      BOOST_CHECK(read.tensors()[i].shape == content.tensors[i].shape);
      BOOST_CHECK(same_bits(read.tensors()[i].values, content.tensors[i].values));
    }
    const bool wrapped = *key != '\0';
    BOOST_REQUIRE_EQUAL(read.setting("width") != nullptr, wrapped);
    if (wrapped) {
      BOOST_CHECK_EQUAL(*read.setting("width"), "16");
      BOOST_CHECK_EQUAL(*read.setting("large"), "1099511627776");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_content_gives_the_same_bytes) {
  const test::temp_dir dir;
  const checkpoint_content content{"state_dict", some_tensors(), "", {}};
  BOOST_REQUIRE(write_checkpoint(dir.path() + "/a", content));
  BOOST_REQUIRE(write_checkpoint(dir.path() + "/b", content));
  BOOST_CHECK(test::bytes_of(dir.path() + "/a") == test::bytes_of(dir.path() + "/b"));
}

BOOST_AUTO_TEST_CASE(writes_many_tensors) {
  std::vector<named_tensor> tensors;
  for (int i = 0; i < 1'000; ++i)
    tensors.push_back({"t" + std::to_string(i), {1}, {static_cast<float>(i)}});
  const test::temp_dir dir;
  BOOST_REQUIRE(write_checkpoint(dir.path() + "/many", {"", tensors, "", {}}));
  const auto read = test::need(load_checkpoint(dir.path() + "/many"));
  BOOST_REQUIRE_EQUAL(read.tensors().size(), tensors.size());
  BOOST_CHECK_EQUAL(read.find("t999")->values.front(), 999.0f);
}

BOOST_AUTO_TEST_CASE(pytorch_reads_checkpoints_and_scores_the_same) {
  const test::temp_dir dir;
  random_source random(12);
  constexpr std::size_t items = 30, fixed_width = 5, id_width = 3, stage_width = 4;
  constexpr auto width = fixed_width + id_width;
  thread_team team(1);

  const feature_table fixed{fixed_width, numbers(random, items * fixed_width)};
  din_network din(fixed, some_scale(random, fixed_width), items, {id_width, 16, 16, {24, 12}, 0.1}, 3, team);
  move_away_from_start(din.parameters(), random);
  ranknet_network ranknet({width, width + stage_width, 8, {16, 8}, 0.1}, some_scale(random, width),
                          some_scale(random, width + stage_width), 4, team);
  move_away_from_start(ranknet.parameters(), random);
  const auto vectors = numbers(random, 6);
  const std::vector<named_tensor> lightgcn = {
      {"embedding_user.weight", {1, 2}, {vectors[0], vectors[1]}},
      {"embedding_item.weight", {2, 2}, {vectors.begin() + 2, vectors.end()}}};
  const auto file = [&](const char* name) { return fs::path(dir.path()) / name; };
  BOOST_REQUIRE(write_checkpoint(
      file("din.pth"),
      {"state_dict", din.tensors(), "config", {{"embedding_dim", {16}}, {"mlp_hidden_dims", {24, 12}}}}));
  BOOST_REQUIRE(write_checkpoint(file("ranknet.pth"), {"model_state_dict",
                                                       ranknet.tensors(),
                                                       "model_config",
                                                       {{"user_feat_dim", {width}},
                                                        {"item_feat_dim", {width + stage_width}},
                                                        {"embedding_dim", {8}},
                                                        {"hidden_dims", {16, 8}}}}));
  BOOST_REQUIRE(write_checkpoint(file("lightgcn.pth"), {"", lightgcn, "", {}}));

  // Features as in serving: the fixed columns, then DIN's learned vectors.
  feature_table features{width, {}};
  for (std::size_t item = 0; item < items; ++item) {
    const auto* row = fixed.row(static_cast<std::uint32_t>(item));
    features.values.own().insert(features.values.own().end(), row, row + fixed_width);
    const auto* learned = din.id_vectors().row(item);
    features.values.own().insert(features.values.own().end(), learned, learned + id_width);
  }
  json cases = {{"features", rows_of(features.values.own(), width)}, {"queries", json::array()}};
  std::vector<std::vector<std::uint32_t>> candidates, histories;
  std::vector<std::vector<float>> extras;
  for (std::size_t query = 0; query < 6; ++query) {
    candidates.emplace_back();
    histories.emplace_back();
    for (std::size_t i = 0; i < 5 + 7 * query; ++i)
      candidates.back().push_back(random.below(items));
    for (std::size_t i = 0; i < 1 + 9 * query; ++i)
      histories.back().push_back(random.below(items));
    extras.push_back(numbers(random, stage_width * candidates.back().size()));
    cases["queries"].push_back({{"candidates", candidates.back()},
                                {"history", histories.back()},
                                {"extra", rows_of(extras.back(), stage_width)}});
  }
  test::put(dir, "cases.json", cases.dump());

  std::vector<std::vector<float>> din_scores, ranknet_scores;
  std::vector<ranking_query> queries;
  for (std::size_t query = 0; query < candidates.size(); ++query) {
    din_scores.emplace_back(candidates[query].size());
    ranknet_scores.emplace_back(candidates[query].size());
  }
  for (std::size_t query = 0; query < candidates.size(); ++query)
    queries.push_back({candidates[query], histories[query], din_scores[query], {}});
  din_model::scratch din_work;
  test::need(din_model::from_checkpoint(test::need(load_checkpoint(file("din.pth")))))
      .score(features, queries, din_work);
  for (std::size_t query = 0; query < candidates.size(); ++query)
    queries[query] = {candidates[query], histories[query], ranknet_scores[query], extras[query]};
  ranknet_model::scratch ranknet_work;
  test::need(ranknet_model::from_checkpoint(test::need(load_checkpoint(file("ranknet.pth")))))
      .score(features, queries, ranknet_work);

  const auto found = read_by_torch(dir.path());
  check_tensors(found["din"], din.tensors());
  check_tensors(found["ranknet"], ranknet.tensors());
  check_tensors(found["lightgcn"], lightgcn);
  BOOST_CHECK_EQUAL(found["din"]["config"]["mlp_hidden_dims"], json({24, 12}));
  BOOST_CHECK_CLOSE(found["lightgcn"]["tensors"]["embedding_user.weight"]["sum"].get<double>(),
                    static_cast<double>(vectors[0]) + vectors[1], 1e-6);
  check_scores(din_scores, found["din"]["scores"]);
  check_scores(ranknet_scores, found["ranknet"]["scores"]);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
