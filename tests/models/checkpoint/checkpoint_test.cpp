#include "models/checkpoint/checkpoint.hpp"

#include "tests/models/fixtures.hpp"

#include <nlohmann/json.hpp>
#include <numeric>

namespace winnow {

namespace {

using test::fixture;

checkpoint load(const std::string& name) {
  return test::need(load_checkpoint(fixture("checkpoints/" + name)));
}

/// The tensors of each file, as listed by the script that generates the fixtures.
const nlohmann::json& expectations() {
  static const auto expected = nlohmann::json::parse(test::bytes_of(fixture("checkpoints/expected.json")));
  return expected;
}

double sum(const named_tensor& tensor) {
  return std::accumulate(tensor.values.begin(), tensor.values.end(), 0.0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_suite)

BOOST_AUTO_TEST_CASE(reads_all_layouts_that_pytorch_writes) {
  for (const auto& [name, tensors] : expectations().items()) {
    BOOST_TEST_CONTEXT(name) {
      const auto loaded = load(name);
      BOOST_REQUIRE_EQUAL(loaded.tensors().size(), tensors.size());
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& got = loaded.tensors()[i];
        BOOST_TEST(got.name == tensors[i].at("name").get<std::string>());
        BOOST_TEST(got.shape == tensors[i].at("shape").get<std::vector<std::int64_t>>(),
                   boost::test_tools::per_element());
        BOOST_TEST(got.values == tensors[i].at("values").get<std::vector<float>>(),
                   boost::test_tools::per_element());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(skips_what_stands_beside_the_state_dict_without_running_it) {
  for (const auto& entry : std::filesystem::directory_iterator(fixture("checkpoints/beside")))
    BOOST_TEST(expectations().contains("beside/" + entry.path().filename().string()), entry.path());
  BOOST_TEST(!std::filesystem::exists("/tmp/winnow_was_here"));
}

// Some tools that pack archives again sign them with a comment.
BOOST_AUTO_TEST_CASE(reads_an_archive_with_a_comment) {
  const std::string comment = "packed";
  auto bytes = test::bytes_of(fixture("checkpoints/wrapped.pth"));
  bytes[bytes.size() - 2] = static_cast<char>(comment.size());
  test::temporary_file file(bytes + comment);
  BOOST_TEST(test::need(load_checkpoint(file.path())).tensors().size() ==
             load("wrapped.pth").tensors().size());
  file.write(bytes + comment + "!");
  BOOST_TEST(!load_checkpoint(file.path()).has_value());
}

BOOST_AUTO_TEST_CASE(tells_counters_from_weights) {
  BOOST_TEST(load("averaged.pth").find("n_averaged")->is_counter);
  BOOST_TEST(!load("averaged.pth").find("output_layer.bias")->is_counter);
  BOOST_TEST(load("averaged.pth").find("n_averaged")->is_integral);
  BOOST_TEST(!load("averaged.pth").find("output_layer.bias")->is_integral);
}

BOOST_AUTO_TEST_CASE(finds_tensors_by_name) {
  const auto loaded = load("wrapped.pth");
  BOOST_REQUIRE(loaded.find("0.weight") != nullptr);
  BOOST_TEST(loaded.find("0.weight")->values.size() == 12U);
  BOOST_TEST(loaded.find("config") == nullptr);
}

BOOST_AUTO_TEST_CASE(exposes_the_values_beside_the_state_dict) {
  const auto loaded = load("training.pth");
  const auto setting = [&](std::string_view name) {
    const auto* found = loaded.setting(name);
    return found != nullptr ? *found : "(none)";
  };
  BOOST_TEST(setting("epoch") == "7");
  BOOST_TEST(setting("best_loss") == "-0.125");
  BOOST_TEST(setting("finished") == "true");
  BOOST_TEST(setting("seed") == "-1099511627776");
  BOOST_TEST(setting("embedding_dim") == "4");
  BOOST_TEST(setting("mlp_hidden_dims") == "[8, 4]");
  BOOST_TEST(setting("name") == "din");
  BOOST_TEST(setting("device") == "cuda");
  BOOST_TEST(setting("deep") == "(none)");
}

BOOST_AUTO_TEST_CASE(shared_checkpoints_of_a_gpu_load,
                     *boost::unit_test::precondition(test::has_shared_data)) {
  const auto folder = *test::shared_data() / "checkpoints";
  const auto din = test::need(load_checkpoint(folder / "din256.pth"));
  BOOST_TEST(din.tensors().size() == 28U);
  BOOST_TEST(din.find("mlp.0.weight")->shape == (std::vector<std::int64_t>{128, 768}),
             boost::test_tools::per_element());
  BOOST_TEST(*din.setting("mlp_hidden_dims") == "[128, 64, 32]");
  BOOST_TEST(sum(*din.find("mlp.0.weight")) == -0.5152611945503096, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(din.find("output_layer.bias")->values[0] == -0.412682116F);
  const auto ranknet = test::need(load_checkpoint(folder / "ranknet.pth"));
  BOOST_TEST(ranknet.tensors().size() == 27U);
  BOOST_TEST(ranknet.find("user_embedding.weight")->shape == (std::vector<std::int64_t>{128, 128}),
             boost::test_tools::per_element());
  BOOST_TEST(*ranknet.setting("item_feat_dim") == "3");
  BOOST_TEST(sum(*ranknet.find("mlp.0.weight")) == 28.85784224786596, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
