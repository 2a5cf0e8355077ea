#include "fixtures.hpp"
#include "models/cascade.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

/// Compares complete cascades with scores that PyTorch computed in double precision from the model's
/// definition.
namespace {

using namespace winnow;
using nlohmann::json;

constexpr double tolerance = 2e-4; // a little more than the error of float32 in PyTorch itself

double sigmoid(double logit) {
  return 1 / (1 + std::exp(-logit));
}

std::vector<std::string> ids_of(const model_set& models, const ranked_list& list) {
  std::vector<std::string> ids;
  for (const auto& entry : list.items)
    ids.emplace_back(models.items[entry.item]);
  return ids;
}

/// Returns a golden list of ids with scores of zero, as a stage's input.
ranked_list list_of(const model_set& models, const json& ids, list_source source) {
  ranked_list list{source, {}};
  for (const auto& id : ids)
    list.items.push_back({models.items.find(id.get<std::string>()).value(), 0});
  return list;
}

struct golden_check {
  const model_set& models;
  cascade_widths widths;
  cascade_scratch work;

  void candidates(const json& user, const user_context& context, const ranked_list& found) {
    BOOST_CHECK_EQUAL(found.items.size(), user["recall"].size());
    const auto source = user["recall_vector"].get<std::string>();
    BOOST_CHECK_EQUAL(to_string(found.source), source == "user_embedding" ? "personalised"
                                               : source == "history_mean" ? "history_mean"
                                                                          : "popular");
    for (const auto& entry : found.items)
      BOOST_CHECK(!std::binary_search(context.excluded.begin(), context.excluded.end(), entry.item));
    for (std::size_t i = 0; i < std::min(found.items.size(), user["recall_score"].size()); ++i)
      BOOST_CHECK_SMALL(found.items[i].score - user["recall_score"][i].get<double>(), tolerance);
  }

  /// Runs a ranker on golden candidates, keeps all, and compares the scores.
  template<class Ranker>
  void ranker(Ranker rank, const user_context& context, const ranked_list& in, const json& scores,
              bool probability) {
    const ranking_task task{&context, &in};
    const auto lists = rank(models, gsl::span<const ranking_task>(&task, 1), in.items.size(), work);
    BOOST_REQUIRE(lists[0]);
    std::map<std::uint32_t, double> score_of;
    for (const auto& entry : lists[0]->items)
      score_of[entry.item] = entry.score;
    BOOST_REQUIRE_EQUAL(scores.size(), in.items.size());
    for (std::size_t i = 0; i < in.items.size(); ++i) {
      const double score = score_of.at(in.items[i].item);
      BOOST_CHECK_SMALL((probability ? sigmoid(score) : score) - scores[i].get<double>(), tolerance);
    }
  }

  void user(const json& user) {
    BOOST_TEST_CONTEXT("user " << user["user_id"] << " (" << user["kind"] << ")") {
      const auto history = user["history"].get<std::vector<std::string>>();
      const auto context = resolve_user(models, user["user_id"].get<std::string>(), history);
      const user_context* const users[] = {&context};
      const auto found = generate_candidates(models, users, widths.candidates, work)[0];
      candidates(user, context, found);
      ranker(rank_by_din, context, list_of(models, user["recall"], found.source), user["din_score"], true);
      ranker(rank_by_ranknet, context, list_of(models, user["din_kept"], found.source), user["ranknet_score"],
             false);
      if (!user["robust"].get<bool>())
        return;
      const ranking_task din_task{&context, &found};
      const auto kept = rank_by_din(models, {&din_task, 1}, widths.din_keep, work)[0].value();
      const ranking_task ranknet_task{&context, &kept};
      const auto final_list =
          rank_by_ranknet(models, {&ranknet_task, 1}, widths.ranknet_keep, work)[0].value();
      const auto expected = user["final"].get<std::vector<std::string>>();
      const auto got = ids_of(models, final_list);
      BOOST_CHECK_EQUAL_COLLECTIONS(got.begin(), got.end(), expected.begin(), expected.end());
    }
  }
};

void check_golden(const std::filesystem::path& model_dir, const std::filesystem::path& file,
                  ranker_engine engine) {
  model_settings settings;
  settings.dir = model_dir.string();
  settings.engine = engine;
  const auto models = load_model_set(settings);
  BOOST_REQUIRE_MESSAGE(models, (models ? std::string() : models.error().message));
  std::ifstream in(file);
  const auto golden = json::parse(in);
  BOOST_REQUIRE(!golden["users"].empty());
  golden_check check{**models, {}, {}};
  for (const auto& user : golden["users"])
    check.user(user);
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(the_bookshop_gives_the_reference_scores_and_lists) {
  for (const auto engine : {ranker_engine::native, ranker_engine::torch})
    check_golden(winnow::test::fixture("bookshop"), winnow::test::fixture("bookshop_golden.json"), engine);
}

BOOST_AUTO_TEST_CASE(shared_checkpoints_give_the_reference_scores_and_lists,
                     *boost::unit_test::precondition(winnow::test::has_shared_data)) {
  const auto shared = *winnow::test::shared_data();
  const auto golden = shared / "golden";
  // The checkpoints are in a different folder, and in a copy of the data the links to them may be plain
  // files.
  winnow::test::temporary_directory dir;
  std::filesystem::create_directories(dir.path() / "din");
  std::filesystem::create_directories(dir.path() / "ranknet");
  const auto link = [&](const std::filesystem::path& to, const char* name) {
    std::filesystem::create_symlink(std::filesystem::absolute(to), dir.path() / name);
  };
  link(golden / "model_output" / "lightgcn", "lightgcn");
  link(golden / "model_output" / "item_features.csv", "item_features.csv");
  link(shared / "checkpoints" / "din256.pth", "din/best_model.pth");
  link(shared / "checkpoints" / "ranknet.pth", "ranknet/best_model.pth");
  for (const auto engine : {ranker_engine::native, ranker_engine::torch})
    check_golden(dir.path(), golden / "golden.json", engine);
}

BOOST_AUTO_TEST_SUITE_END()
