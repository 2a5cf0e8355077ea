#include "models/evaluation/evaluation.hpp"

#include "models/cascade.hpp"
#include "models/evaluation/evaluation_plot.hpp"
#include "models/evaluation/evaluation_report.hpp"
#include "models/evaluation/test_case.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "tests/models/fixtures.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>

namespace {

using namespace winnow;
using namespace winnow::test;

/// The small bookshop, with the last books of each reader held back.
struct bookshop_fixture {
  model_set_ptr models = load();
  interaction_split split = leave_one_out(read_log());

  static model_set_ptr load() {
    model_settings settings;
    settings.dir = fixture("bookshop").string();
    return need(load_model_set(settings));
  }

  static interaction_log read_log() {
    row_report report;
    return need(read_interactions(fixture("bookshop/lightgcn_data.csv"), {}, report));
  }

  evaluation measure(const evaluation_options& options = {}) const {
    return need(evaluate(*models, split, options));
  }
};

const ranking_quality& row(const evaluation& of, std::string_view name) {
  const auto found = std::find_if(of.rankings.begin(), of.rankings.end(),
                                  [&](const auto& ranking) { return ranking.name == name; });
  BOOST_REQUIRE(found != of.rankings.end());
  return *found;
}

bool same(const evaluation& a, const evaluation& b) {
  for (std::size_t i = 0; i < a.rankings.size(); ++i) {
    for (std::size_t k = 0; k < a.rankings[i].lists.size(); ++k) {
      const auto& x = a.rankings[i].lists[k];
      const auto& y = b.rankings[i].lists[k];
      if (x.recall != y.recall || x.ndcg.mean != y.ndcg.mean || x.coverage != y.coverage ||
          x.novelty != y.novelty)
        return false;
    }
    if (a.rankings[i].scores->auc != b.rankings[i].scores->auc ||
        a.rankings[i].scores->gauc != b.rankings[i].scores->gauc)
      return false;
  }
  return a.rankings.size() == b.rankings.size() && a.candidate_recall == b.candidate_recall;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(evaluation_, bookshop_fixture)

BOOST_AUTO_TEST_CASE(has_a_row_for_each_prefix_of_the_cascade) {
  const auto all = measure();
  std::vector<std::string> names;
  for (const auto& ranking : all.rankings)
    names.push_back(ranking.name);
  BOOST_CHECK(names == std::vector<std::string>({"popularity", "item-item cosine", "item transitions",
                                                 "LightGCN", "+ DIN", "+ RankNet"}));
  BOOST_CHECK_EQUAL(all.users, 420u);
  BOOST_CHECK_EQUAL(all.users_without_embedding, 360u);
  BOOST_CHECK_EQUAL(all.items, 132u);
  BOOST_CHECK(all.masks_validation);
  for (const auto& ranking : all.rankings) {
    BOOST_CHECK_EQUAL(ranking.lists[0].recall, ranking.lists[0].hit_rate.mean); // one test item per user
    BOOST_CHECK_LE(ranking.lists[0].recall, ranking.lists[1].recall);
  }
}

BOOST_AUTO_TEST_CASE(the_last_row_matches_serving) {
  const auto all = measure();
  cascade_scratch work;
  double hits = 0, candidate_hits = 0, gain = 0;
  for (std::size_t user = 0; user < split.users.size(); ++user) {
    std::vector<std::string> profile;
    for (const auto item : split.known_before_test(user))
      profile.emplace_back(split.items[item]);
    const auto context = resolve_user(*models, split.users[user], profile);
    const user_context* const users[] = {&context};
    const auto candidates = generate_candidates(*models, users, 100, work)[0];
    const ranking_task din_task{&context, &candidates};
    const auto kept = need(std::move(rank_by_din(*models, {&din_task, 1}, 50, work)[0]));
    const ranking_task ranknet_task{&context, &kept};
    const auto list = need(std::move(rank_by_ranknet(*models, {&ranknet_task, 1}, 20, work)[0]));
    const auto wanted = models->items.find(split.items[split.test.of(user)[0]]).value();
    const auto is_wanted = [&](const scored_item& entry) { return entry.item == wanted; };
    const auto place = std::find_if(list.items.begin(), list.items.end(), is_wanted) - list.items.begin();
    hits += place < 20 ? 1 : 0;
    gain += place < 20 ? 1 / std::log2(static_cast<double>(place) + 2) : 0;
    candidate_hits += std::any_of(candidates.items.begin(), candidates.items.end(), is_wanted) ? 1 : 0;
  }
  const auto& last = row(all, "+ RankNet").lists[1];
  BOOST_CHECK_CLOSE(last.hit_rate.mean, hits / 420, 1e-9);
  BOOST_CHECK_CLOSE(last.ndcg.mean, gain / 420, 1e-9);
  BOOST_CHECK_CLOSE(all.candidate_hit_rate, candidate_hits / 420, 1e-9);
}

BOOST_AUTO_TEST_CASE(does_not_depend_on_the_number_of_threads) {
  evaluation_options options;
  const auto alone = measure(options);
  options.threads = 5;
  BOOST_CHECK(same(alone, measure(options)));
}

BOOST_AUTO_TEST_CASE(measures_no_more_users_than_asked_for) {
  evaluation_options options;
  options.most_users = 100;
  const auto some = measure(options);
  BOOST_CHECK_EQUAL(some.users, 100u);
  BOOST_CHECK_EQUAL(some.users_with_test_items, 420u);
  BOOST_CHECK_EQUAL(some.test_items, 100u);
  const auto text = evaluation_table(some, {"models", "1", "data", "split"});
  BOOST_CHECK(text.find("users     100 of 420 with 100 test items;") != std::string::npos);
  options.most_users = 420;
  const auto all = measure(options);
  BOOST_CHECK(same(measure(), all));
  BOOST_CHECK(evaluation_table(all, {"models", "1", "data", "split"}).find(" of 420 with") ==
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(negatives_do_not_depend_on_who_else_is_measured) {
  constexpr std::uint64_t seed = 1;
  const auto all = test_cases(*models, split, seed, 420);
  const auto some = test_cases(*models, split, seed, 100);
  for (std::size_t at = 0; at < some.size(); ++at)
    BOOST_TEST(some[at].negatives == all[at * 420 / 100].negatives);
  BOOST_TEST(all[0].negatives != all[1].negatives);
}

BOOST_AUTO_TEST_CASE(widths_come_from_the_models_unless_set) {
  BOOST_CHECK_EQUAL(measure().widths.candidates, 100u);
  evaluation_options options;
  options.widths.candidates = 15;
  options.cutoffs = {30};
  const auto narrow = measure(options);
  BOOST_CHECK_EQUAL(narrow.widths.din_keep, 15u);
  BOOST_CHECK_LE(row(narrow, "+ DIN").lists[0].recall, narrow.candidate_recall);
  BOOST_CHECK_GE(row(narrow, "LightGCN").lists[0].recall, narrow.candidate_recall); // its list is not cut
}

BOOST_AUTO_TEST_CASE(a_test_item_that_the_catalogue_lacks_is_a_miss) {
  interaction_split odd;
  odd.users.insert("a reader");
  odd.items.insert(models->items[0]);
  odd.items.insert("not a book of this shop");
  const std::vector<interaction> train{{0, 0, 0}}, test{{0, 1, 0}};
  odd.train = item_lists::group(1, train);
  odd.test = item_lists::group(1, test);
  const auto all = need(evaluate(*models, odd, {}));
  BOOST_CHECK_EQUAL(all.unknown_test_items, 1u);
  BOOST_CHECK_EQUAL(row(all, "+ RankNet").lists[1].recall, 0);
  BOOST_CHECK(!row(all, "LightGCN").scores);
  BOOST_CHECK(!all.masks_validation);
}

BOOST_AUTO_TEST_CASE(requires_test_items) {
  split.test = item_lists(split.users.size());
  BOOST_CHECK(evaluate(*models, split, {}).error().cause == fault::invalid_argument);
}

BOOST_AUTO_TEST_CASE(requires_items_of_the_catalogue) {
  interaction_split other;
  other.users.insert("a reader");
  other.items.insert("of another shop");
  other.items.insert("of another shop, too");
  const std::vector<interaction> train{{0, 0, 0}}, test{{0, 1, 0}};
  other.train = item_lists::group(1, train);
  other.test = item_lists::group(1, test);
  const auto refused = evaluate(*models, other, {});
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message == "none of its items is in the catalogue of the models");
}

BOOST_AUTO_TEST_CASE(stage_features_reach_ranknet) {
  temporary_directory dir;
  namespace fs = std::filesystem;
  fs::copy(fixture("bookshop"), dir.path(), fs::copy_options::recursive);
  fs::copy(fixture("stage_models"), dir.path(),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  std::string features = "item_id,price\n";
  for (std::uint32_t item = 0; item < models->items.size(); ++item)
    features += std::string(models->items[item]) + ",0.5\n";
  std::ofstream(dir.path() / "item_features.csv") << features;
  model_settings settings;
  settings.dir = dir.path().string();
  models = need(load_model_set(settings));
  const auto all = measure();
  BOOST_CHECK_EQUAL(all.widths.candidates, 60u);
  BOOST_CHECK_LE(row(all, "+ RankNet").lists[1].recall, all.candidate_recall);
}

BOOST_AUTO_TEST_CASE(shared_leave_one_out_data_gives_the_known_baselines,
                     *boost::unit_test::precondition(has_shared_data)) {
  row_report report;
  const auto retail = need(read_split(*shared_data() / "retail" / "loo", {}, report));
  temporary_directory dir;
  std::filesystem::create_directory(dir.path() / "lightgcn");
  std::ofstream users(dir.path() / "lightgcn/user_embeddings.csv");
  users << "user_id,emb_0\n0,1\n";
  users.close();
  std::ofstream items(dir.path() / "lightgcn/item_embeddings.csv");
  items << "item_id,emb_0\n";
  for (std::size_t item = 0; item < retail.items.size(); ++item)
    items << retail.items[item] << ",1\n";
  items.close();
  model_settings settings;
  settings.dir = dir.path().string();
  const auto nothing_learned = need(load_model_set(settings, missing_rankers::accepted));
  const auto all = need(evaluate(*nothing_learned, retail, {}));
  // From a plain matrix product in NumPy; ties in popularity may differ.
  BOOST_CHECK_CLOSE(row(all, "popularity").lists[0].hit_rate.mean, 0.0432547, 3);
  BOOST_CHECK_CLOSE(row(all, "popularity").lists[0].ndcg.mean, 0.0211855, 3);
  BOOST_CHECK_CLOSE(row(all, "item-item cosine").lists[0].hit_rate.mean, 0.1494253, 0.5);
  BOOST_CHECK_CLOSE(row(all, "item-item cosine").lists[0].ndcg.mean, 0.0852170, 0.5);
}

BOOST_AUTO_TEST_CASE(the_plot_is_self_contained) {
  const auto svg = evaluation_plot(measure(), "a <small> & quick shop");
  BOOST_CHECK_EQUAL(svg.substr(0, 4), "<svg");
  BOOST_CHECK(svg.find("a &lt;small&gt; &amp; quick shop") != std::string::npos);
  BOOST_CHECK(svg.find("+ RankNet") != std::string::npos);
  BOOST_CHECK(svg.find("href") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
