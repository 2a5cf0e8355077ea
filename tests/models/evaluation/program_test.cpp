#include "support/child_process.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"
#include "tests/models/learning/learning_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

/// Runs winnow-eval on the small bookshop.
namespace {

using namespace winnow::test;
namespace fs = std::filesystem;

struct program_fixture {
  temp_dir directory;
  std::string out, errors;

  /// @return The exit code.
  int run(const std::string& arguments, const std::string& output = {}) {
    const auto bin = required_variable("WINNOW_BIN_DIR");
    const auto to = directory.path();
    child_process process({"sh", "-c",
                           std::string("exec '") + bin + "/winnow-eval' " + arguments + " >" +
                               (output.empty() ? to + "/out" : output) + " 2>" + to + "/err"},
                          to + "/shell");
    const auto code = process.wait();
    BOOST_REQUIRE(code);
    out = output.empty() ? bytes_of(to + "/out") : "";
    errors = bytes_of(to + "/err");
    return *code;
  }

  static std::string on(const std::string& models) {
    return "--model-dir '" + models + "' --interactions '" + fixture("bookshop/lightgcn_data.csv").string() +
           "' ";
  }
  static std::string on_bookshop() { return on(fixture("bookshop").string()); }

  std::string copy_without_rankers() {
    const auto copy = directory.path() + "/models";
    fs::create_directory(copy);
    fs::copy(fixture("bookshop/lightgcn"), copy + "/lightgcn");
    return copy;
  }

  /// Writes 60 interactions of 15 users, of which the last 15 are with one item that the models lack.
  static void write_log(const winnow::model_set& models, const std::string& path) {
    std::ofstream rows(path);
    rows << "user_id,item_id,timestamp\n";
    for (int i = 0; i < 60; ++i)
      rows << "reader " << i % 15 << ","
           << (i < 45 ? models.items[static_cast<std::size_t>(i)] : "a new book") << "," << 1'000 + 10 * i
           << "\n";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(program, program_fixture)

BOOST_AUTO_TEST_CASE(prints_a_table) {
  BOOST_CHECK_EQUAL(run(on_bookshop()), 0);
  BOOST_CHECK_EQUAL(errors, "");
  for (const auto* part : {"best 10", "best 20", "item-item cosine", "item transitions", "+ RankNet",
                           "leave_one_out", "ceiling: "})
    BOOST_CHECK_MESSAGE(out.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(prints_json_and_writes_a_plot) {
  const auto plot = directory.path() + "/plot.svg";
  BOOST_CHECK_EQUAL(run(on_bookshop() + "--json --k 5 --holdout ratio:0.1,0.2 --plot " + plot), 0);
  const auto document = nlohmann::json::parse(out);
  BOOST_CHECK_EQUAL(document["split"], "ratio:0.1,0.2");
  BOOST_REQUIRE_EQUAL(document["rankings"].size(), 6u);
  for (const auto& ranking : document["rankings"]) {
    BOOST_REQUIRE_EQUAL(ranking["lists"].size(), 1u);
    BOOST_CHECK_EQUAL(ranking["lists"][0]["k"], 5);
    for (const auto* metric :
         {"recall", "ndcg", "ndcg_error", "hit_rate", "hit_rate_error", "mrr", "coverage"}) {
      BOOST_CHECK_GE(ranking["lists"][0][metric].get<double>(), 0.0);
      BOOST_CHECK_LE(ranking["lists"][0][metric].get<double>(), 1.0);
    }
    BOOST_CHECK_GT(ranking["auc"].get<double>(), 0.3);
    BOOST_CHECK_GT(ranking["gauc"].get<double>(), 0.3);
  }
  BOOST_CHECK_EQUAL(bytes_of(plot).substr(0, 4), "<svg");
}

BOOST_AUTO_TEST_CASE(reads_a_split_folder) {
  const auto split = directory.path() + "/split";
  fs::create_directory(split);
  const auto models = copy_without_rankers();
  // The split uses the ids of the models: numbers, as trainers write them.
  std::ofstream(models + "/lightgcn/user_embeddings.csv") << "user_id,emb_0\n0,1\n1,1\n";
  std::ofstream(models + "/lightgcn/item_embeddings.csv") << "item_id,emb_0\n0,5\n1,4\n2,3\n3,2\n4,1\n";
  std::ofstream(split + "/train.txt") << "0 0 1\n1 4 0\n";
  std::ofstream(split + "/valid.txt") << "0 2\n1\n";
  std::ofstream(split + "/test.txt") << "0 3\n1 3 2\n";
  BOOST_REQUIRE_EQUAL(run("--json --k 1,2 --model-dir " + models + " --split " + split), 0);
  const auto document = nlohmann::json::parse(out);
  BOOST_CHECK_EQUAL(document["users"], 2);
  BOOST_CHECK_EQUAL(document["test_items"], 3);
  const auto& lightgcn = document["rankings"][3];
  BOOST_CHECK_EQUAL(lightgcn["name"], "LightGCN");
  // User 0 has 3 and 4 left: a hit at place 1. User 1 has 1, 2 and 3 left: item 2 at place 2, item 3 at
  // place 3.
  BOOST_CHECK_EQUAL(lightgcn["lists"][0]["recall"], 0.5);
  BOOST_CHECK_EQUAL(lightgcn["lists"][1]["recall"], 0.75);
  BOOST_CHECK_EQUAL(lightgcn["lists"][1]["mrr"], 0.75);
  BOOST_CHECK_EQUAL(lightgcn["lists"][1]["hit_rate"], 1.0);
}

BOOST_AUTO_TEST_CASE(measures_a_directory_without_rankers) {
  BOOST_CHECK_EQUAL(run(on(copy_without_rankers()) + "--json"), 0);
  BOOST_CHECK_EQUAL(nlohmann::json::parse(out)["rankings"].size(), 4u);
}

BOOST_AUTO_TEST_CASE(warns_of_models_that_have_seen_everything) {
  const auto models = copy_without_rankers();
  std::ofstream(models + "/model.json") << R"({"split": "none"})";
  BOOST_CHECK_EQUAL(run(on(models)), 0);
  BOOST_CHECK_MESSAGE(errors.find("the numbers are optimistic") != std::string::npos, errors);
}

BOOST_AUTO_TEST_CASE(warns_of_items_that_the_models_may_have_seen) {
  const auto models = copy_without_rankers();
  const auto warnings = [&](const std::string& description, const std::string& more) {
    std::ofstream(models + "/model.json") << description;
    BOOST_REQUIRE_EQUAL(run(on(models) + more), 0);
    return errors;
  };
  const std::string usual = R"({"split": "leave_one_out", "seed": 1})";
  BOOST_CHECK_EQUAL(warnings(usual, ""), "");
  BOOST_CHECK_EQUAL(warnings(usual, "--holdout ratio:0.1,0.4"),
                    "winnow-eval: warning: according to model.json: trained with --holdout leave_one_out, "
                    "measured with ratio:0.1,0.4: the numbers are optimistic\n");
  BOOST_CHECK_EQUAL(warnings(R"({"split": "ratio:0,0.5", "seed": 1})", "--holdout-seed 2"),
                    "winnow-eval: warning: according to model.json: trained with the seed 1, measured with "
                    "2: the numbers are optimistic\n");
  BOOST_CHECK_NE(warnings(R"({"split": "given"})", ""), "");
}

BOOST_AUTO_TEST_CASE(drops_the_ratings_that_the_trainer_dropped) {
  const auto models = copy_without_rankers();
  std::ofstream(models + "/model.json") << R"({"split": "leave_one_out", "training": {"min_rating": 4}})";
  std::ofstream(models + "/lightgcn/user_embeddings.csv") << "user_id,emb_0\na,1\n";
  std::ofstream(models + "/lightgcn/item_embeddings.csv") << "item_id,emb_0\nw,5\nx,4\ny,3\nz,2\n";
  const auto rows = directory.path() + "/rows.csv";
  std::ofstream(rows) << "user_id,item_id,rating\na,w,5\na,x,5\na,y,5\na,z,1\n";
  const auto arguments = "--json --k 1 --model-dir " + models + " --interactions " + rows;
  BOOST_REQUIRE_EQUAL(run(arguments), 0);
  BOOST_CHECK_MESSAGE(errors.find("1 below the minimum rating") != std::string::npos, errors);
  // Without z, y is the last item, and LightGCN has it before z.
  BOOST_CHECK_EQUAL(nlohmann::json::parse(out)["rankings"][3]["lists"][0]["hit_rate"], 1.0);
  BOOST_REQUIRE_EQUAL(run(arguments + " --least-rating 0"), 0);
  BOOST_CHECK_MESSAGE(errors.find("measured with 0") != std::string::npos, errors);
}

BOOST_AUTO_TEST_CASE(orders_ties_as_the_trainer_did) {
  const auto models = copy_without_rankers();
  std::ofstream(models + "/lightgcn/user_embeddings.csv") << "user_id,emb_0\na,1\n";
  std::ofstream(models + "/lightgcn/item_embeddings.csv") << "item_id,emb_0\nv,4\nw,2\nx,3\ny,1\nz,5\n";
  const auto rows = directory.path() + "/rows.csv";
  std::ofstream(rows) << "user_id,item_id,timestamp\na,w,1\na,z,2\na,y,2\na,x,2\n";
  const auto hits = [&](const std::string& description, const std::string& more) {
    std::ofstream(models + "/model.json") << description;
    BOOST_REQUIRE_EQUAL(run("--json --k 1 --model-dir " + models + " --interactions " + rows + more), 0);
    return nlohmann::json::parse(out)["rankings"][3]["lists"][0]["hit_rate"].get<double>();
  };
  const std::string by_item = R"({"split": "leave_one_out", "training": {"ties": "item"}})";
  const std::string older = R"({"split": "leave_one_out"})";
  BOOST_CHECK_EQUAL(hits(by_item, ""), 1.0); // z is the last one, and LightGCN has it before v
  BOOST_CHECK_EQUAL(errors, "");
  BOOST_CHECK_EQUAL(hits(older, ""), 0.0); // x is, after v
  BOOST_CHECK_EQUAL(hits(older, " --ties item"), 1.0);
  BOOST_CHECK_EQUAL(errors, "");
  BOOST_CHECK_EQUAL(hits(by_item, " --ties file"), 0.0);
  BOOST_CHECK_MESSAGE(
      errors.find("trained with --ties item, measured with file: the numbers are optimistic") !=
          std::string::npos,
      errors);
}

BOOST_AUTO_TEST_CASE(measures_the_interactions_until_which_the_trainer_trained) {
  const auto models = copy_without_rankers();
  std::ofstream(models + "/model.json") << R"({"split": "leave_one_out", "training": {"until": 0.5}})";
  std::ofstream(models + "/lightgcn/user_embeddings.csv") << "user_id,emb_0\na,1\n";
  std::ofstream(models + "/lightgcn/item_embeddings.csv") << "item_id,emb_0\nu,4\nv,1\nw,2\nx,2\ny,5\nz,2\n";
  const auto rows = directory.path() + "/rows.csv", lists = directory.path() + "/lists.txt";
  std::ofstream(rows) << "user_id,item_id,timestamp\na,w,1\na,x,2\na,y,3\na,z,4\na,v,5\n";
  std::ofstream(lists) << "a w x y z v\n"; // an order, but no times
  const auto hits = [&](const std::string& file, const std::string& more) {
    BOOST_REQUIRE_EQUAL(run("--json --k 1 --model-dir " + models + " --interactions " + file + more), 0);
    return nlohmann::json::parse(out)["rankings"][3]["lists"][0]["hit_rate"].get<double>();
  };
  BOOST_CHECK_EQUAL(hits(rows, ""), 1.0); // y is the last one, and LightGCN has it before u
  BOOST_CHECK_EQUAL(errors, "");
  BOOST_CHECK_EQUAL(hits(rows, " --until 1"), 0.0); // v is, after u
  BOOST_CHECK_EQUAL(errors, "");
  BOOST_CHECK_EQUAL(hits(lists, ""), 0.0);
  BOOST_CHECK_MESSAGE(errors.find(lists + " has no times: all of it is measured") != std::string::npos,
                      errors);
  BOOST_CHECK_EQUAL(run("--model-dir " + models + " --until 0.5 --interactions " + lists), 66);
  BOOST_CHECK_EQUAL(errors, "winnow-eval: " + lists + ": --until: expected interactions with times\n");
}

BOOST_AUTO_TEST_CASE(warns_of_what_an_earlier_training_has_seen) {
  const auto models = copy_without_rankers();
  std::ofstream(models + "/model.json") << R"({"split": "leave_one_out",
    "training": {"earlier": [{"split": "none"}]}})";
  BOOST_CHECK_EQUAL(run(on(models)), 0);
  BOOST_CHECK_EQUAL(errors,
                    "winnow-eval: warning: according to model.json, an earlier training, which this one "
                    "builds on: the models have seen all interactions: the numbers are optimistic\n");
}

BOOST_AUTO_TEST_CASE(splits_the_data_as_the_trainer_did) {
  const auto models = copy_without_rankers();
  std::ofstream(models + "/model.json") << R"({"split": "ratio:0,0.5"})";
  BOOST_CHECK_EQUAL(run(on(models) + "--json"), 0);
  BOOST_CHECK_EQUAL(nlohmann::json::parse(out)["split"], "ratio:0,0.5");
}

BOOST_AUTO_TEST_CASE(draws_the_same_items_as_the_trainer) {
  const auto models = copy_without_rankers();
  const auto measured = [&](const std::string& description, const std::string& more = {}) {
    std::ofstream(models + "/model.json") << description;
    BOOST_REQUIRE_EQUAL(run(on(models) + "--json " + more), 0);
    return nlohmann::json::parse(out)["rankings"];
  };
  const auto without = measured(R"({"split": "ratio:0,0.5"})"); // as in models of other trainers
  const auto seeded = measured(R"({"split": "ratio:0,0.5", "seed": 2020})");
  BOOST_CHECK_NE(seeded, without);
  BOOST_CHECK_EQUAL(measured(R"({"split": "ratio:0,0.5"})", "--holdout-seed 2020"), seeded);
  BOOST_CHECK_EQUAL(measured(R"({"split": "ratio:0,0.5", "seed": 2020})", "--holdout-seed 1"), without);
}

BOOST_AUTO_TEST_CASE(replays_interactions_by_time) {
  const learning_directory shop;
  const auto log = directory.path() + "/log.csv";
  write_log(*shop.load(), log);
  const auto on_log = "--model-dir '" + shop.dir.path().string() + "' --replay " + log + " ";
  BOOST_CHECK_EQUAL(run(on_log), 0);
  BOOST_CHECK_EQUAL(errors, "");
  for (const auto* part : {"best 10", "frozen", "live", "new items", "replayed from 0.6"})
    BOOST_CHECK_MESSAGE(out.find(part) != std::string::npos, part << "\n" << out);

  const auto plot = directory.path() + "/plot.svg";
  BOOST_CHECK_EQUAL(run(on_log +
                        "--json --k 7,5 --from 0.5 --least-history 1 --ask-every 2 --adopt-after 2 "
                        "--learn-half-life 720h --learn-successors 50 --candidates 50 --din-keep 30 "
                        "--plot " +
                        plot),
                    0);
  const auto document = nlohmann::json::parse(out);
  BOOST_CHECK_EQUAL(document["k"], 5);
  BOOST_CHECK_EQUAL(document["replay"], "replayed from 0.5");
  BOOST_CHECK_EQUAL(document["told"], 30);
  BOOST_REQUIRE_EQUAL(document["runs"].size(), 2u);
  BOOST_CHECK_EQUAL(document["runs"][0]["name"], "frozen");
  BOOST_CHECK_EQUAL(document["runs"][1]["all"]["events"], 15);
  BOOST_CHECK_EQUAL(document["runs"][1]["adopted_items"], 1);
  BOOST_CHECK_EQUAL(bytes_of(plot).substr(0, 4), "<svg");
}

BOOST_AUTO_TEST_CASE(reports_errors_of_a_replay_with_their_exit_codes) {
  const learning_directory shop;
  const auto log = directory.path() + "/log.csv";
  write_log(*shop.load(), log);
  const auto on_shop = "--model-dir '" + shop.dir.path().string() + "' --replay ";
  for (const std::string wrong :
       {"--interactions x", "--split x", "--from 2", "--from 1", "--ask-every 0", "--from nan",
        "--holdout loo", "--holdout-seed 1", "--until 0.5", "--most-users 5", "--least-history -1",
        "--learn-half-life 0s", "--learn-half-life never", "--learn-successors 0"})
    BOOST_CHECK_MESSAGE(run(on_shop + log + " " + wrong) == 78, wrong << "\n" << errors);
  BOOST_CHECK_EQUAL(run(on_shop + "/nowhere"), 66);
  const auto pairs = fixture("bookshop/lightgcn_data.csv").string();
  BOOST_CHECK_EQUAL(run(on_shop + "'" + pairs + "'"), 66);
  BOOST_CHECK_EQUAL(errors, "winnow-eval: " + pairs + ": --replay: expected interactions with times\n");
  const auto lists = directory.path() + "/lists.txt";
  std::ofstream(lists) << "1 2 3 4\n2 3 4 5\n"; // an order, but no times
  BOOST_CHECK_EQUAL(run(on_shop + lists), 66);
  BOOST_CHECK_EQUAL(errors, "winnow-eval: " + lists + ": --replay: expected interactions with times\n");
  BOOST_CHECK_EQUAL(run("--model-dir " + copy_without_rankers() + " --replay " + log), 66);
  BOOST_CHECK_MESSAGE(errors.find("a replay needs DIN and RankNet") != std::string::npos, errors);
  BOOST_CHECK_EQUAL(run("--model-dir '" + fixture("bookshop").string() + "' --replay " + log), 66);
  BOOST_CHECK_MESSAGE(errors.find("the models have no transitions to learn") != std::string::npos, errors);
  shop.write("counted_histories.csv", "user_id,items,tail\na,x,1\n");
  BOOST_CHECK_EQUAL(run(on_shop + log), 66);
  BOOST_CHECK_MESSAGE(errors.find("counted_histories.csv:2:3: expected a number") != std::string::npos,
                      errors);
}

BOOST_AUTO_TEST_CASE(warns_of_a_replay_of_what_was_trained_on) {
  const learning_directory shop;
  const auto log = directory.path() + "/log.csv";
  write_log(*shop.load(), log);
  const auto described = bytes_of(shop.dir.path() / "model.json");
  const auto warnings = [&](const std::string& until, const std::string& more) {
    shop.write("model.json", "{\"training\": {\"until\": " + until + "}, " + described.substr(1));
    BOOST_REQUIRE_EQUAL(run("--model-dir '" + shop.dir.path().string() + "' --replay " + log + more), 0);
    return errors;
  };
  BOOST_CHECK_EQUAL(warnings("0.6", ""), "");
  BOOST_CHECK_MESSAGE(warnings("0.6", " --from 0.4").find("the numbers are optimistic") != std::string::npos,
                      errors);
  BOOST_CHECK_MESSAGE(warnings("1", "").find("trained on all interactions") != std::string::npos, errors);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_no_success) {
  BOOST_CHECK_EQUAL(run(on(copy_without_rankers()) + "--json", "/dev/full"), 74);
  BOOST_CHECK_MESSAGE(errors.find("standard output: cannot be written") != std::string::npos, errors);
}

BOOST_AUTO_TEST_CASE(a_chart_that_cannot_be_written_is_reported_before_the_measuring) {
  const auto models = on(copy_without_rankers());
  for (const auto& wrong : {directory.path(), directory.path() + "/nowhere/plot.svg"}) {
    BOOST_CHECK_EQUAL(run(models + "--plot " + wrong), 74);
    BOOST_CHECK_MESSAGE(errors.find(wrong + ": cannot write the chart: ") != std::string::npos, errors);
    BOOST_CHECK_EQUAL(out, "");
  }
  BOOST_CHECK_EQUAL(run(models + "--plot /dev/full"), 74); // shows only when it is written
  BOOST_CHECK_MESSAGE(errors.find("/dev/full: cannot write the chart: No space left") != std::string::npos,
                      errors);
}

BOOST_AUTO_TEST_CASE(without_a_chart_its_file_stays_as_it_was) {
  const auto older = directory.path() + "/older.svg", newer = directory.path() + "/newer.svg";
  std::ofstream(older) << "a chart of yesterday, which is longer than nothing";
  for (const auto& plot : {older, newer})
    BOOST_CHECK_EQUAL(
        run("--model-dir '" + fixture("bookshop").string() + "' --interactions /nowhere --plot " + plot), 66);
  BOOST_CHECK_EQUAL(bytes_of(older), "a chart of yesterday, which is longer than nothing");
  BOOST_CHECK(!fs::exists(newer));
  std::ofstream(older) << std::string(1'000'000, ' ');
  BOOST_CHECK_EQUAL(run(on(copy_without_rankers()) + "--plot " + older), 0);
  const auto chart = bytes_of(older);
  BOOST_CHECK_EQUAL(chart.substr(0, 4), "<svg");
  BOOST_CHECK_EQUAL(chart.find("</svg>") + std::string("</svg>\n").size(), chart.size());
}

BOOST_AUTO_TEST_CASE(reports_errors_with_their_exit_codes) {
  BOOST_CHECK_EQUAL(run("--model-dir x"), 78);
  BOOST_CHECK_EQUAL(run(on_bookshop() + "--split y"), 78);
  BOOST_CHECK_EQUAL(run(on_bookshop() + "--holdout ratio:0.9,0.9"), 78);
  BOOST_CHECK_EQUAL(run(on_bookshop() + "--holdout valid"), 78); // leaves no items to measure
  BOOST_CHECK_MESSAGE(errors.find("expected items for measuring") != std::string::npos, errors);
  BOOST_CHECK_EQUAL(run(on_bookshop() + "--k 0"), 78);
  for (const std::string wrong : {"--seed -1", "--holdout-seed -1", "--least-rating nan", "--from 0.1",
                                  "--learn-half-life 1d", "--ties none", "--until 0", "--ask-every 2"})
    BOOST_CHECK_MESSAGE(run(on_bookshop() + wrong) == 78, wrong << "\n" << errors);
  BOOST_CHECK_EQUAL(run(on(fixture("bookshop/lightgcn_data.csv").string())), 66);
  BOOST_CHECK_MESSAGE(errors.find("lightgcn_data.csv is no directory") != std::string::npos, errors);
  BOOST_CHECK_EQUAL(run(on("/nowhere")), 66);
  BOOST_CHECK_EQUAL(errors, "winnow-eval: model directory /nowhere does not exist\n");
  BOOST_CHECK_EQUAL(run("--model-dir '" + fixture("bookshop").string() + "' --interactions /nowhere"), 66);
}

BOOST_AUTO_TEST_SUITE_END()
