#include "models/cascade.hpp"
#include "tests/models/ranking/torch_reference.hpp"
#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <map>

/// Compares model directories with a model.json with plain computations in double precision.
namespace {

using namespace winnow;
using namespace winnow::test;
namespace fs = std::filesystem;

constexpr double tolerance = 1e-4;
constexpr const char* known_user = "A8SZ6INK77SAY";

std::vector<double> embedding(const model_set& models, std::uint32_t item) {
  std::vector<float> row(models.item_embeddings.width(), 0.0f);
  models.item_embeddings.add_row(item, row);
  return {row.begin(), row.end()};
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    ab += a[k] * b[k];
    aa += a[k] * a[k];
    bb += b[k] * b[k];
  }
  return ab / std::sqrt(aa * bb);
}

double mean_cosine(const model_set& models, std::uint32_t item, const std::vector<std::uint32_t>& history) {
  double sum = 0;
  for (const auto past : history)
    sum += cosine(embedding(models, item), embedding(models, past));
  return history.empty() ? 0 : sum / static_cast<double>(history.size());
}

double count_in_file(std::string_view item) {
  std::ifstream file(fixture("bookshop/lightgcn_data.csv"));
  double count = 0;
  for (std::string line; std::getline(file, line);)
    count += line.substr(line.find(',') + 1) == item ? 1 : 0;
  return count;
}

struct request {
  user_context user;
  ranked_list candidates;
  ranked_list by_din;
};

request begin(const model_set& models, std::string_view user, const std::vector<std::string>& profile,
              cascade_scratch& work) {
  request one{resolve_user(models, user, profile), {}, {}};
  const user_context* const users[] = {&one.user};
  one.candidates = generate_candidates(models, users, models.widths.candidates, work)[0];
  const ranking_task task{&one.user, &one.candidates};
  one.by_din = need(std::move(rank_by_din(models, {&task, 1}, models.widths.din_keep, work)[0]));
  return one;
}

ranked_list finish(const model_set& models, const user_context& user, const ranked_list& list,
                   cascade_scratch& work) {
  const ranking_task task{&user, &list};
  return need(std::move(rank_by_ranknet(models, {&task, 1}, list.items.size(), work)[0]));
}

/// Returns a candidate's row for RankNet, with the columns of `stage_models/model.json`.
std::vector<float> expected_row(const model_set& models, const request& one, const scored_item& entry,
                                bool with_din) {
  const auto& all = one.candidates.items;
  const auto place =
      std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.item == entry.item; });
  double mean = 0, squares = 0;
  for (const auto& candidate : all)
    mean += candidate.score / static_cast<double>(all.size());
  for (const auto& candidate : all)
    squares += std::pow(candidate.score - mean, 2) / static_cast<double>(all.size());
  std::vector<std::uint32_t> known;
  for (const auto item : one.user.history)
    if (item != unknown_item)
      known.push_back(item);
  const std::vector<std::uint32_t> recent(
      known.end() - std::min<std::ptrdiff_t>(3, static_cast<std::ptrdiff_t>(known.size())), known.end());
  const double rank = static_cast<double>(place - all.begin());
  const double z = squares > 0 ? (place->score - mean) / std::sqrt(squares) : 0;
  const double row[] = {embedding(models, entry.item)[5],
                        stage_directory::price(entry.item),
                        1 / std::log2(rank + 2),
                        z,
                        with_din ? entry.score : 0.0,
                        std::log(1 + count_in_file(models.items[entry.item])),
                        mean_cosine(models, entry.item, known),
                        mean_cosine(models, entry.item, recent)};
  return {std::begin(row), std::end(row)};
}

/// Returns the user vector for `stage_models/model.json`: the mean of the two item columns.
std::vector<float> expected_user(const model_set& models, const user_context& user) {
  std::vector<float> mean(2, 0.0f);
  float known = 0;
  for (const auto item : user.history)
    if (item != unknown_item) {
      ++known;
      mean[0] += static_cast<float>(embedding(models, item)[5]);
      mean[1] += stage_directory::price(item);
    }
  for (auto& value : mean)
    value /= std::max(known, 1.0f);
  return mean;
}

/// Returns the reference's scores of rows. The first two columns are the item's, the others the query's.
std::vector<float> reference_scores(const checkpoint& file, const std::vector<std::vector<float>>& rows,
                                    const std::vector<float>& user) {
  feature_table features{2, {}};
  std::vector<float> extra;
  std::vector<std::uint32_t> candidates;
  for (const auto& row : rows) {
    candidates.push_back(static_cast<std::uint32_t>(candidates.size()));
    features.values.own().insert(features.values.own().end(), row.begin(), row.begin() + 2);
    extra.insert(extra.end(), row.begin() + 2, row.end());
  }
  features.values.own().insert(features.values.own().end(), user.begin(), user.end());
  const std::vector<std::uint32_t> history{static_cast<std::uint32_t>(rows.size())};
  std::vector<float> scores(rows.size());
  const ranking_query query{candidates, history, scores, extra};
  const auto done = reference_ranknet(file)->score(features, {&query, 1});
  BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().message));
  return scores;
}

void check_ranknet(const model_set& models, const checkpoint& file, const request& one, const ranked_list& in,
                   bool with_din, cascade_scratch& work) {
  std::vector<std::vector<float>> rows;
  for (const auto& entry : in.items)
    rows.push_back(expected_row(models, one, entry, with_din));
  const auto expected = reference_scores(file, rows, expected_user(models, one.user));
  std::map<std::uint32_t, float> got;
  for (const auto& entry : finish(models, one.user, in, work).items)
    got[entry.item] = entry.score;
  for (std::size_t i = 0; i < in.items.size(); ++i)
    BOOST_CHECK_SMALL(double(got.at(in.items[i].item)) - expected[i], tolerance);
}

} // namespace

BOOST_AUTO_TEST_SUITE(stage_features_)

BOOST_AUTO_TEST_CASE(finds_each_feature_by_its_name) {
  for (std::size_t i = 0; i < stage_feature_count; ++i) {
    const auto feature = static_cast<stage_feature>(i);
    BOOST_CHECK(stage_feature_named(to_string(feature)) == feature);
  }
  BOOST_CHECK(!stage_feature_named("price"));
}

BOOST_AUTO_TEST_CASE(ranknet_columns_equal_a_plain_computation) {
  const stage_directory shop;
  const auto models = shop.load();
  const auto file = need(load_checkpoint(fixture("stage_models/ranknet/best_model.pth")));
  std::vector<std::string> books;
  for (std::uint32_t i = 0; i < 9; ++i)
    books.emplace_back(models->items[i * 7]);
  books.insert(books.begin() + 4, "unknown");
  books.push_back(books[0]); // a repeated item counts twice
  books.emplace_back("unknown too");
  cascade_scratch work;
  for (const auto& [user, profile] :
       std::vector<std::pair<std::string, std::vector<std::string>>>{{known_user, books},
                                                                     {"a stranger", books},
                                                                     {known_user, {}},
                                                                     {"a stranger", {}},
                                                                     {"a stranger", {books[0]}}}) {
    const auto one = begin(*models, user, profile, work);
    BOOST_CHECK_EQUAL(one.by_din.items.size(), 40u);
    check_ranknet(*models, file, one, one.by_din, true, work);
    check_ranknet(*models, file, one, one.candidates, false, work); // as if DIN was skipped
  }
}

BOOST_AUTO_TEST_CASE(din_gets_the_columns_of_model_json) {
  const stage_directory shop;
  const auto models = shop.load();
  BOOST_REQUIRE_EQUAL(models->din_features->width, 3u);
  BOOST_REQUIRE_EQUAL(models->ranknet_features->width, 2u);
  for (const std::uint32_t item : {0u, 5u, 131u}) {
    BOOST_CHECK_EQUAL(models->din_features->row(item)[0], stage_directory::price(item));
    BOOST_CHECK_EQUAL(models->din_features->row(item)[1], embedding(*models, item)[3]);
    BOOST_CHECK_EQUAL(models->din_features->row(item)[2], embedding(*models, item)[0]);
    BOOST_CHECK_EQUAL(models->ranknet_features->row(item)[0], embedding(*models, item)[5]);
    BOOST_CHECK_EQUAL(models->ranknet_features->row(item)[1], stage_directory::price(item));
  }
}

BOOST_AUTO_TEST_CASE(a_list_does_not_depend_on_the_batch) {
  const stage_directory shop;
  const auto models = shop.load();
  cascade_scratch work;
  std::vector<request> requests;
  for (std::uint32_t i = 0; i < 5; ++i)
    requests.push_back(begin(*models, (*models->users)[i], {std::string(models->items[i])}, work));
  std::vector<ranking_task> tasks;
  for (const auto& one : requests)
    tasks.push_back({&one.user, &one.by_din});
  const auto together = rank_by_ranknet(*models, tasks, 40, work);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto alone = finish(*models, requests[i].user, requests[i].by_din, work);
    for (std::size_t k = 0; k < alone.items.size(); ++k) {
      BOOST_CHECK_EQUAL(alone.items[k].item, together[i]->items[k].item);
      BOOST_CHECK_EQUAL(alone.items[k].score, together[i]->items[k].score);
    }
  }
}

BOOST_AUTO_TEST_CASE(ranks_candidates_without_evidence) {
  const stage_directory shop;
  const auto models = shop.load();
  cascade_scratch work;
  const auto one = begin(*models, known_user, {}, work);
  auto bare = one.by_din;
  bare.evidence.clear();
  BOOST_CHECK_EQUAL(finish(*models, one.user, bare, work).items.size(), bare.items.size());
}

BOOST_AUTO_TEST_CASE(widths_come_from_the_model_directory) {
  const stage_directory shop;
  const auto models = shop.load();
  BOOST_CHECK_EQUAL(models->widths.candidates, 60u);
  BOOST_CHECK_EQUAL(models->widths.din_keep, 40u);
  BOOST_CHECK_EQUAL(models->widths.ranknet_keep, 15u);
  BOOST_CHECK_EQUAL(widths_for({{}, 30, {}}, models->widths).din_keep, 30u);
  BOOST_CHECK_EQUAL(widths_for({10, {}, {}}, models->widths).ranknet_keep, 10u);
}

BOOST_AUTO_TEST_CASE(a_directory_without_model_json_gets_the_defaults) {
  const auto models = need(load_model_set(stage_directory::settings_of(fixture("bookshop"))));
  BOOST_CHECK_EQUAL(models->version, "3a0b51e927a8019d");
  BOOST_CHECK_EQUAL(models->widths.candidates, 100u);
  BOOST_CHECK(models->din_features == models->ranknet_features);
  BOOST_CHECK(!models->inverse_norms);
  cascade_scratch work;
  const auto one = begin(*models, known_user, {}, work);
  BOOST_CHECK(one.candidates.evidence.empty());
  BOOST_CHECK(one.by_din.evidence.empty());
}

BOOST_AUTO_TEST_CASE(the_version_covers_model_json_and_popularity) {
  const stage_directory shop;
  const auto before = shop.load()->version;
  fs::remove(shop.dir.path() / "lightgcn_data.csv");
  shop.write("popularity.csv", "item_id,count\n");
  const auto counted = shop.load()->version;
  BOOST_CHECK_NE(before, counted);
  shop.write("model.json", bytes_of(fixture("stage_models/model.json")) + " ");
  BOOST_CHECK_NE(counted, shop.load()->version);
}

BOOST_AUTO_TEST_CASE(reads_popularity_from_counts) {
  const stage_directory shop;
  const auto pairs = shop.load();
  fs::remove(shop.dir.path() / "lightgcn_data.csv");
  std::string counts = "item_id,count\nnot in the catalogue,99\n";
  for (std::uint32_t item = 0; item < pairs->items.size(); ++item)
    counts += std::string(pairs->items[item]) + "," + std::to_string((*pairs->item_counts)[item]) + "\n";
  shop.write("popularity.csv", counts);
  const auto counted = shop.load();
  BOOST_CHECK(*counted->item_counts == *pairs->item_counts);
  BOOST_CHECK(*counted->popular == *pairs->popular);
  shop.write("popularity.csv", "item_id,count\nx,-1\n");
  BOOST_CHECK_EQUAL(shop.refusal(), (shop.dir.path() / "popularity.csv").string() +
                                        ":2:3: expected a whole number, got \"-1\"");
}

BOOST_AUTO_TEST_CASE(log_popularity_requires_counts) {
  const stage_directory shop;
  fs::remove(shop.dir.path() / "lightgcn_data.csv");
  BOOST_CHECK_EQUAL(shop.refusal(), (shop.dir.path() / "model.json").string() +
                                        ": ranknet.columns: log_popularity needs counts: expected "
                                        "lightgcn_data.csv or popularity.csv beside it, got neither");
  shop.write("model.json", R"({"ranknet": {"columns": ["price", "last_popularity"]}})");
  BOOST_CHECK_NE(shop.refusal().find("ranknet.columns: last_popularity needs counts: "), std::string::npos);
}

BOOST_AUTO_TEST_CASE(shares_of_the_best_transition_become_logarithms) {
  model_set models;
  models.stage_features = {stage_feature::transition_log_score, stage_feature::last_transition};
  const std::vector<scored_item> candidates(4);
  std::vector<candidate_evidence> evidence(4);
  evidence[0].transition_score = 1;
  evidence[1].transition_score = 0.25f;
  evidence[1].last_transition = 0.5f;
  evidence[2].transition_score = 1e-9f; // as little as none
  evidence[3].last_transition = 1;
  stage_feature_scratch work;
  std::vector<float> rows(8);
  write_stage_features(models, {}, candidates, evidence, work, rows);
  const float expected[] = {0, -8, std::log(0.25f), std::log(0.5f), -8, -8, -8, 0};
  BOOST_TEST(rows == expected, boost::test_tools::per_element());
  write_stage_features(models, {}, candidates, {}, work, rows);
  BOOST_TEST(rows == std::vector<float>(8, -8.0f), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_known_item_and_the_length_of_the_history_count) {
  const stage_directory shop;
  auto models = *shop.load();
  models.stage_features = {stage_feature::din_rank, stage_feature::last_cosine,
                           stage_feature::last_popularity, stage_feature::history_length};
  models.inverse_norms = std::make_shared<const std::vector<float>>(inverse_norms(models.item_embeddings));
  user_context user;
  user.history = {3, unknown_item, 7, unknown_item};
  const std::vector<scored_item> candidates{{5, 0}, {9, 0}};
  const std::vector<candidate_evidence> evidence(2);
  stage_feature_scratch work;
  std::vector<float> rows(8);
  write_stage_features(models, user, candidates, evidence, work, rows);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto* row = rows.data() + 4 * i;
    BOOST_CHECK_CLOSE(row[0], 1 / std::log2(static_cast<float>(i) + 2), 1e-3);
    BOOST_CHECK_CLOSE(row[1], cosine(embedding(models, candidates[i].item), embedding(models, 7)), 1e-2);
    BOOST_CHECK_CLOSE(row[2], std::log(1 + count_in_file(models.items[7])), 1e-3);
    BOOST_CHECK_CLOSE(row[3], std::log(3.0), 1e-3); // two known items
  }
  user.history = {unknown_item};
  write_stage_features(models, user, candidates, {}, work, rows);
  BOOST_TEST(rows == std::vector<float>(8, 0.0f), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_trend_compares_recent_counts_with_all) {
  model_set models;
  models.stage_features = {stage_feature::popularity_trend};
  models.item_counts =
      std::make_shared<const std::vector<std::uint64_t>>(std::vector<std::uint64_t>{0, 9, 4});
  models.recent_counts = std::make_shared<const std::vector<float>>(std::vector<float>{0, 0.5f, 4});
  const std::vector<scored_item> candidates{{1, 0}, {2, 0}, {0, 0}};
  stage_feature_scratch work;
  std::vector<float> rows(3);
  write_stage_features(models, {}, candidates, {}, work, rows);
  BOOST_CHECK_CLOSE(rows[0], std::log(0.15f), 1e-3f);
  BOOST_CHECK_EQUAL(rows[1], 0.0f);
  BOOST_CHECK_EQUAL(rows[2], 0.0f);
  auto learned = std::make_shared<learned_items>();
  learned->taken = std::make_shared<const std::vector<float>>(std::vector<float>{0, 4, 3});
  learned->recent = std::make_shared<const std::vector<float>>(std::vector<float>{0, 0, 1});
  models.learned = learned;
  write_stage_features(models, {}, candidates, {}, work, rows);
  BOOST_CHECK_CLOSE(rows[0], std::log(0.2f), 1e-3f);
  BOOST_CHECK_CLOSE(rows[1], std::log(0.5f), 1e-3f);
}

BOOST_AUTO_TEST_CASE(recent_counts_come_from_popularity_csv_whatever_else_is_there) {
  const stage_directory shop;
  const auto place = (shop.dir.path() / "model.json").string();
  auto with_counts = bytes_of(fixture("stage_models/model.json"));
  with_counts.insert(with_counts.find('{') + 1, R"("recent_counts": {"half_life_events": 200},)");
  shop.write("model.json", with_counts);
  const auto expected =
      place + ": recent_counts: expected popularity.csv with the column recent beside it, got ";
  BOOST_CHECK_EQUAL(shop.refusal(), expected + "none");
  shop.write("popularity.csv", "item_id,count\n");
  BOOST_CHECK_EQUAL(shop.refusal(), expected + "one without it");
  shop.write("popularity.csv", "item_id,count,recent\n");
  const auto none = shop.load();
  shop.write("popularity.csv", "item_id,count,recent\n" + std::string(none->items[3]) + ",1000,2.5\n");
  const auto models = shop.load();
  BOOST_CHECK_NE(models->version, none->version);
  BOOST_CHECK_EQUAL(models->recent_half_life, 200.0);
  BOOST_CHECK_EQUAL(models->taken_recently(3), 2.5f);
  BOOST_CHECK_LT(models->taken(3), 1'000.0f); // lightgcn_data.csv has priority
  shop.write("model.json", R"({"ranknet": {"columns": ["price", "popularity_trend"]}})");
  BOOST_CHECK_EQUAL(shop.refusal(),
                    place + ": ranknet.columns: popularity_trend needs \"recent_counts\", got none");
}

BOOST_AUTO_TEST_CASE(features_of_the_transitions_require_them) {
  const stage_directory shop;
  for (const std::string name :
       {"transition_score", "transition_rank", "transition_log_score", "last_transition"}) {
    shop.write("model.json", R"({"ranknet": {"columns": ["price", ")" + name + R"("]}})");
    BOOST_CHECK_EQUAL(shop.refusal(), (shop.dir.path() / "model.json").string() +
                                          ": ranknet.columns: " + name + " needs \"transitions\", got none");
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_column_is_reported_with_the_files_that_lack_it) {
  const stage_directory shop;
  shop.write("model.json", R"({"din": {"columns": ["emb_3", "colour"]}})");
  BOOST_CHECK_EQUAL(shop.refusal(), (shop.dir.path() / "model.json").string() +
                                        ": din.columns: column \"colour\" is in neither " +
                                        (shop.dir.path() / "item_features.csv").string() +
                                        " nor the item embeddings");
}

BOOST_AUTO_TEST_CASE(a_named_column_that_is_there_twice_is_refused_with_both_places) {
  const stage_directory shop;
  shop.write("item_features.csv", "item_id,price,brand,price\n");
  shop.write("model.json", R"({"din": {"columns": ["emb_3", "price"]}})");
  BOOST_CHECK_EQUAL(shop.refusal(), (shop.dir.path() / "model.json").string() +
                                        ": din.columns: column \"price\" is twice in " +
                                        (shop.dir.path() / "item_features.csv").string() +
                                        ", as features 1 and 3");
}

BOOST_AUTO_TEST_CASE(refuses_columns_that_do_not_match_the_checkpoint) {
  const stage_directory shop;
  const auto source = "columns named in " + (shop.dir.path() / "model.json").string();
  shop.write("model.json", R"({"din": {"columns": ["emb_3", "price"]}})");
  BOOST_CHECK_EQUAL(shop.refusal(),
                    (shop.dir.path() / "din/best_model.pth").string() +
                        ": tensor item_embedding.weight: expected 2 columns to match the features (" +
                        source + "), got 3");
  shop.write("model.json", R"({"din": {"columns": ["emb_3", "price", "emb_0"]},
                               "ranknet": {"columns": ["price", "din_logit"]}})");
  BOOST_CHECK_EQUAL(shop.refusal(),
                    (shop.dir.path() / "ranknet/best_model.pth").string() +
                        ": tensor item_embedding.weight: expected 2 columns to match the features (" +
                        source + ", 1 from earlier stages), got 8");
}

BOOST_AUTO_TEST_CASE(rankers_may_be_missing_only_if_accepted) {
  const stage_directory shop;
  fs::remove(shop.dir.path() / "model.json");
  fs::remove(shop.dir.path() / "item_features.csv");
  fs::remove_all(shop.dir.path() / "din");
  fs::remove_all(shop.dir.path() / "ranknet");
  BOOST_CHECK(!shop.try_load());
  const auto models =
      need(load_model_set(stage_directory::settings_of(shop.dir.path()), missing_rankers::accepted));
  BOOST_CHECK(!models->din && !models->ranknet);
}

BOOST_AUTO_TEST_SUITE_END()
