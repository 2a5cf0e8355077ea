#include "tests/models/training/train_program.hpp"

#include "models/files/file_digest.hpp"
#include "models/learning/mark_file.hpp"
#include "models/model_set.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/interactions/time_cut.hpp"
#include "support/environment.hpp"
#include "tests/models/training/files.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <zlib.h>

/// Tests winnow-train as users run it.
namespace winnow {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::bytes_of;
using test::files_below;

model_set_ptr served(const fs::path& models, missing_rankers missing = missing_rankers::refused) {
  model_settings settings;
  settings.dir = models.string();
  return test::need(load_model_set(settings, missing));
}

std::vector<std::string> names(const std::map<std::string, std::string>& files) {
  std::vector<std::string> all;
  all.reserve(files.size());
  for (const auto& [name, content] : files)
    all.push_back(name);
  return all;
}

/// Checks that two folders have the same files; reports those that differ.
void check_same(const std::map<std::string, std::string>& a, const std::map<std::string, std::string>& b) {
  BOOST_TEST(names(a) == names(b), boost::test_tools::per_element());
  for (const auto& [name, content] : a)
    BOOST_CHECK_MESSAGE(b.count(name) == 1 && content == b.at(name), name << " differs");
}

void check_trained(const test::program_end& end) {
  BOOST_REQUIRE_MESSAGE(end.code == 0, "exit code " << end.code << "\n" << end.errors);
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Lines `user_id,item_id,timestamp`, without the last column.
std::string without_times(const std::string& lines) {
  std::istringstream in(lines);
  std::string pairs;
  for (std::string line; std::getline(in, line);)
    pairs += line.substr(0, line.rfind(',')) + "\n";
  return pairs;
}

void pack(const fs::path& from, const fs::path& to) {
  const auto content = bytes_of(from);
  auto* file = gzopen(to.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(train_program_suite, test::train_program)

BOOST_AUTO_TEST_CASE(makes_a_model_directory_that_is_served_and_measured) {
  const auto end = train("models");
  check_trained(end);
  BOOST_CHECK(says(end.out, "trained; serve it with winnowd --model-dir " + in("models").string()));
  const std::vector<std::string> wanted = {"counted_histories.csv",
                                           "din/best_model.pth",
                                           "item_features.csv",
                                           "items.csv",
                                           "lightgcn/best_model.pth",
                                           "lightgcn/item_embeddings.csv",
                                           "lightgcn/item_fold_in.csv",
                                           "lightgcn/user_embeddings.csv",
                                           "lightgcn/user_fold_in.csv",
                                           "manifest.json",
                                           "model.json",
                                           "popularity.csv",
                                           "ranknet/best_model.pth",
                                           "transitions.csv"};
  BOOST_TEST(names(files_below(in("models"))) == wanted, boost::test_tools::per_element());
  BOOST_CHECK(!fs::exists(in("models") / ".training"));

  const auto models = served(in("models"));
  BOOST_CHECK_EQUAL(models->users->size(), 200u);
  BOOST_CHECK_EQUAL(models->item_embeddings.width(), 16u);
  BOOST_CHECK_EQUAL(models->widths.candidates, 200u);
  BOOST_CHECK_EQUAL(models->widths.din_keep, 100u);
  BOOST_CHECK_EQUAL(models->stage_features.size(), 16u);
  BOOST_REQUIRE(models->recent_counts);
  BOOST_CHECK_EQUAL(models->recent_half_life, 100.0);
  BOOST_CHECK_EQUAL(models->report.items_without_features, 0u);
  BOOST_REQUIRE(models->transitions);
  BOOST_CHECK_GT(models->transitions->transitions(), 0u);
  BOOST_CHECK_EQUAL(models->transition_candidates, 100u);

  const auto described = json::parse(bytes_of(in("models") / "model.json"));
  BOOST_CHECK_EQUAL(described["format"], 1);
  BOOST_CHECK_EQUAL(described["seed"], 2020);
  BOOST_CHECK_EQUAL(described["split"], "leave_one_out");
  BOOST_CHECK_EQUAL(described["data"]["users"], 200);
  BOOST_CHECK_EQUAL(described["data"]["items"], models->items.size());
  BOOST_CHECK_EQUAL(described["hyper_parameters"]["din"]["epochs"], 2);
  BOOST_CHECK_EQUAL(described["files"].size(), wanted.size() - 2); // but model.json and the manifest
  for (const auto& [name, digest] : described["files"].items()) {
    file_digest now;
    BOOST_REQUIRE(now.add(in("models") / name));
    BOOST_CHECK_EQUAL(now.hex(), digest);
  }
  for (const auto* ranking : {"popularity", "item-item cosine", "LightGCN", "+ DIN", "+ RankNet"})
    BOOST_CHECK_MESSAGE(says(described["metrics"].dump(), ranking), ranking);

  const auto measured =
      run("winnow-eval", "--json --model-dir '" + in("models").string() + "' --interactions '" +
                             (test::small_shop() / "interactions.csv").string() + "'");
  BOOST_REQUIRE_EQUAL(measured.code, 0);
  BOOST_CHECK_EQUAL(json::parse(measured.out)["rankings"], described["metrics"]);
  BOOST_CHECK_MESSAGE(says(end.errors, models->version), end.errors); // what it prints is what is served
}

BOOST_AUTO_TEST_CASE(items_may_have_columns_called_like_the_models_own) {
  std::istringstream rows(bytes_of(test::small_shop() / "items.csv"));
  std::ofstream more(in("items.csv"));
  int number = 0;
  for (std::string line; std::getline(rows, line); ++number)
    more << line
         << (number == 0 ? ",popularity,din_0"
                         : "," + std::to_string(number * number) + ",5." + std::to_string(number))
         << "\n";
  more.close();
  const auto end = train("models", "--items " + in("items.csv").string());
  check_trained(end);
  BOOST_CHECK_MESSAGE(says(end.errors, "items.csv: the column \"popularity\" is called \"item_popularity\""),
                      end.errors);
  BOOST_CHECK(says(bytes_of(in("models") / "item_features.csv"), ",item_popularity,item_din_0,din_0,"));

  std::ofstream(in("twice.csv")) << "item_id,price,price\nx,1,2\n";
  const auto twice = train("others", "--items " + in("twice.csv").string());
  BOOST_CHECK_EQUAL(twice.code, 66);
  BOOST_CHECK_MESSAGE(
      says(twice.errors, in("twice.csv").string() + ":1:15: expected each column's name once"), twice.errors);
  BOOST_CHECK(!says(twice.errors, "epoch"));
}

BOOST_AUTO_TEST_CASE(attributes_that_cannot_be_served_are_refused_before_the_training) {
  std::istringstream rows(bytes_of(test::small_shop() / "items.csv"));
  std::ofstream more(in("items.csv"));
  std::string line;
  std::getline(rows, line);
  more << line << ",hidden\n";
  while (std::getline(rows, line))
    more << line << ",perhaps\n";
  more.close();
  const auto end = train("models", "--items " + in("items.csv").string());
  BOOST_CHECK_EQUAL(end.code, 66);
  BOOST_CHECK_MESSAGE(says(end.errors, "winnow-train: " + in("items.csv").string()) &&
                          says(end.errors, "hidden"),
                      end.errors);
  BOOST_CHECK(!says(end.errors, "epoch"));
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bytes_with_any_number_of_threads) {
  check_trained(train("first"));
  const auto first = files_below(in("first"));
  for (const auto* threads : {"2", "1", "3"}) {
    check_trained(train("again", std::string("--threads ") + threads));
    BOOST_TEST_CONTEXT("threads " << threads) {
      check_same(files_below(in("again")), first);
    }
  }
  check_trained(train("again", "--seed 7"));
  const auto other = files_below(in("again"));
  for (const auto* name : {"lightgcn/best_model.pth", "din/best_model.pth", "ranknet/best_model.pth"})
    BOOST_CHECK_MESSAGE(other.at(name) != first.at(name), name);
}

BOOST_AUTO_TEST_CASE(training_stage_by_stage_gives_the_same_bytes_as_all_at_once) {
  check_trained(train("whole"));
  check_trained(train("parts", "--stage lightgcn"));
  check_trained(train("parts", "--stage din --epochs 2"));
  check_trained(train("parts", "--stage ranknet --epochs 2"));
  check_same(files_below(in("parts")), files_below(in("whole")));
}

BOOST_AUTO_TEST_CASE(a_time_budget_leaves_one_epoch_of_each_stage_and_enough_steps_of_ranknet) {
  const auto end = train("models", "--time-budget 1ms");
  check_trained(end);
  for (const auto* one :
       {": epoch 0 of 1, validation recall@100 0.", ": 1 epochs, 3406 events each", ": 2 epochs, 182 users"})
    BOOST_CHECK_MESSAGE(says(end.errors, one), one << " in " << end.errors);
  BOOST_CHECK(!says(end.errors, "LightGCN epoch 2/10"));
  BOOST_CHECK(!says(end.errors, "DIN epoch 2/2"));
  const auto described = json::parse(bytes_of(in("models") / "model.json"))["hyper_parameters"];
  BOOST_CHECK_EQUAL(described["din"]["epochs"], 1);
  BOOST_CHECK_EQUAL(described["ranknet"]["epochs"], 2);
  BOOST_CHECK_EQUAL(run("winnow-train", "--interactions x --out y --time-budget soon").code, 78);
  BOOST_CHECK_EQUAL(run("winnow-train", "--interactions x --out y --time-budget 0").code, 78);
  const auto bare = run("winnow-train", "--interactions x --out y --time-budget 10");
  BOOST_CHECK_EQUAL(bare.code, 78);
  BOOST_CHECK_MESSAGE(bare.errors.find("got 10, which lacks a unit: ms, s, m, h or d") != std::string::npos,
                      bare.errors);
}

BOOST_AUTO_TEST_CASE(retraining_lightgcn_moves_stale_rankers_aside) {
  const auto whole = train("models");
  check_trained(whole);
  BOOST_CHECK_MESSAGE(says(whole.out, "; serve it with winnowd"), whole.out);
  const auto end = train("models", "--stage lightgcn --seed 3");
  check_trained(end);
  BOOST_CHECK_MESSAGE(
      says(end.out, "winnowd also needs DIN and RankNet, trained on these models: --stage din"), end.out);
  const auto files = files_below(in("models"));
  BOOST_CHECK_EQUAL(files.count("din/best_model.pth") + files.count("ranknet/best_model.pth"), 0u);
  const auto described = json::parse(files.at("model.json"));
  BOOST_CHECK(!described.contains("din"));
  BOOST_CHECK(!described["hyper_parameters"].contains("din"));
}

BOOST_AUTO_TEST_CASE(retraining_din_moves_a_stale_ranknet_aside_and_says_what_to_train) {
  check_trained(train("models", "--epochs 1"));
  const auto end = train("models", "--stage din --epochs 1");
  check_trained(end);
  BOOST_CHECK_MESSAGE(says(end.out, "winnowd also needs RankNet, trained on these models: --stage ranknet"),
                      end.out);
  BOOST_CHECK_EQUAL(files_below(in("models")).count("ranknet/best_model.pth"), 0u);
  BOOST_CHECK(says(train("models", "--stage ranknet --epochs 1").out, "; serve it with winnowd"));
}

BOOST_AUTO_TEST_CASE(lightgcn_without_layers_moves_stale_fold_in_tables_aside) {
  check_trained(train("models", "--stage lightgcn"));
  BOOST_CHECK(served(in("models"), missing_rankers::accepted)->folding);
  check_trained(train("models", "--stage lightgcn --layers 0"));
  BOOST_CHECK(!served(in("models"), missing_rankers::accepted)->folding);
}

BOOST_AUTO_TEST_CASE(a_later_stage_needs_the_earlier_ones) {
  const auto without = train("models", "--stage din");
  BOOST_CHECK_EQUAL(without.code, 66);
  BOOST_CHECK_MESSAGE(says(without.errors, (in("models") / "lightgcn/user_embeddings.csv").string() +
                                               ": expected from an earlier stage: No such file"),
                      without.errors);
  check_trained(train("models", "--stage lightgcn"));
  const auto without_din = train("models", "--stage ranknet");
  BOOST_CHECK_EQUAL(without_din.code, 66);
  BOOST_CHECK_MESSAGE(says(without_din.errors, "item_features.csv: expected from an earlier stage"),
                      without_din.errors);
}

BOOST_AUTO_TEST_CASE(reads_gzip) {
  pack(test::small_shop() / "interactions.csv", in("interactions.csv.gz"));
  pack(test::small_shop() / "items.csv", in("items.csv.gz"));
  check_trained(train("plain"));
  check_trained(run("winnow-train", "--interactions " + in("interactions.csv.gz").string() + " --items " +
                                        in("items.csv.gz").string() + " --out " + in("packed").string() +
                                        " --dim 16 --epochs 10 --look-every 5 --lr 0.01 --din-epochs 2 "
                                        "--ranknet-epochs 2"));
  auto plain = files_below(in("plain")), packed = files_below(in("packed"));
  const auto digest = [](const std::string& text) { return json::parse(text)["data"]["digest"]; };
  BOOST_CHECK_EQUAL(digest(plain["model.json"]), digest(packed["model.json"]));
  plain.erase("model.json"); // names the input file
  packed.erase("model.json");
  plain.erase("manifest.json"); // has its digest
  packed.erase("manifest.json");
  check_same(packed, plain);
}

BOOST_AUTO_TEST_CASE(learns_from_the_offline_jobs_three_files) {
  // Each of 12 readers takes 9 of 30 items, in an order that only train_data.csv records.
  const auto folder = in("offline");
  fs::create_directory(folder);
  std::ofstream pairs(folder / "lightgcn_data.csv"), rows(folder / "train_data.csv"),
      features(folder / "item_embeddings.csv");
  pairs << "user_id,item_id\n";
  rows << "user_id,history_items,candidate_item,label\n";
  features << "item_id,category_hash,brand_hash,price_scaled\n";
  for (int item = 0; item < 30; ++item)
    features << "0" << item << "," << item % 4 / 4.0 << "," << item % 7 / 7.0 << "," << item / 30.0 << "\n";
  for (int user = 0; user < 12; ++user) {
    std::string history;
    for (int i = 0; i < 9; ++i) {
      const auto taken = "0" + std::to_string((user * 5 + i * 7) % 30);
      pairs << "u" << user << ",0" << (user * 5 + (8 - i) * 7) % 30 << "\n"; // in reverse order
      if (i > 0)
        rows << "u" << user << "," << history << "," << taken << ",1\nu" << user << "," << history << ",0"
             << (user * 5 + i * 7 + 3) % 30 << ",0\n";
      history += (history.empty() ? "" : "|") + taken;
    }
  }
  pairs.close();
  rows.close();
  features.close();
  const auto end =
      run("winnow-train", "--interactions " + folder.string() + " --out " + in("models").string() +
                              " --dim 8 --epochs 5 --din-epochs 1 --ranknet-epochs 1 "
                              "--candidates 20 --din-keep 20 --ranknet-keep 5");
  check_trained(end);
  BOOST_CHECK_MESSAGE(says(end.errors, "item_embeddings.csv: 30 of 30 items known; category_hash scaled"),
                      end.errors);
  const auto models = served(in("models"));
  BOOST_CHECK(models->items.find("07")); // ids are text
  const auto table = bytes_of(in("models") / "item_features.csv");
  BOOST_CHECK_EQUAL(table.substr(0, table.find(",din_0")),
                    "item_id,popularity,category_hash,brand_hash,price_scaled");
  // The last two items of each reader are held back and do not count.
  const auto counts = bytes_of(in("models") / "popularity.csv");
  std::map<std::string, int> left;
  for (int user = 0; user < 12; ++user)
    for (int i = 0; i < 7; ++i)
      ++left["0" + std::to_string((user * 5 + i * 7) % 30)];
  for (const auto& [item, count] : left)
    BOOST_CHECK_MESSAGE(says(counts, "\n" + item + "," + std::to_string(count) + "\n"), item);
}

BOOST_AUTO_TEST_CASE(ranknet_sees_item_columns_only_where_times_are_unknown) {
  const auto compared = "loss on unseen users";
  const auto timed = train("timed");
  check_trained(timed);
  BOOST_CHECK(!says(timed.errors, compared));
  BOOST_CHECK_EQUAL(served(in("timed"))->ranknet_features->width, 0u);

  std::ofstream(in("pairs.csv")) << without_times(bytes_of(test::small_shop() / "interactions.csv"));
  const auto untimed =
      run("winnow-train", "--interactions " + in("pairs.csv").string() + " --out " + in("untimed").string() +
                              " --dim 16 --epochs 10 --look-every 5 --lr 0.01 "
                              "--din-epochs 2 --ranknet-epochs 2");
  check_trained(untimed);
  BOOST_CHECK_MESSAGE(says(untimed.errors, compared), untimed.errors); // and cross-validation decides
}

BOOST_AUTO_TEST_CASE(trains_until_a_time_and_the_rest_is_replayed) {
  check_trained(train("models", "--until 0.6"));
  const auto models = served(in("models"));
  row_report report;
  const auto log = test::need(read_interactions(test::small_shop() / "interactions.csv", {}, report));
  const auto early = first_until(log, time_after(log, 0.6));
  const auto described = json::parse(bytes_of(in("models") / "model.json"));
  BOOST_CHECK_EQUAL(described["data"]["users"], early.users.size());
  BOOST_CHECK_EQUAL(described["data"]["items"], early.items.size());
  BOOST_CHECK_EQUAL(models->users->size(), early.users.size());

  // Each user's mark says what was counted: all but the two items that are held back.
  user_marks marks(1'000);
  BOOST_REQUIRE(read_marks(in("models") / counted_histories_file, marks));
  BOOST_CHECK_EQUAL(marks.size(), early.users.size());
  std::vector<std::vector<std::string_view>> histories(early.users.size());
  for (const auto& event : early.events)
    histories[event.user].push_back(early.items[event.item]);
  for (std::size_t user = 0; user < histories.size(); ++user) {
    const auto mark = marks.find(user_marks::hash_of(early.users[user]));
    BOOST_REQUIRE(mark);
    if (const auto length = histories[user].size(); length > 2)
      BOOST_CHECK(first_new_item(*mark, histories[user]) == std::optional(length - 2));
  }

  const auto replayed =
      run("winnow-eval", "--json --from 0.6 --model-dir '" + in("models").string() + "' --replay '" +
                             (test::small_shop() / "interactions.csv").string() + "'");
  BOOST_REQUIRE_MESSAGE(replayed.code == 0, replayed.errors);
  const auto document = json::parse(replayed.out);
  BOOST_CHECK_EQUAL(document["told"], log.events.size() - early.events.size());
  BOOST_CHECK_EQUAL(document["users"], early.users.size());
}

BOOST_AUTO_TEST_CASE(a_time_to_train_until_requires_times) {
  std::ofstream(in("pairs.csv")) << without_times(bytes_of(test::small_shop() / "interactions.csv"));
  const auto end = run("winnow-train", "--until 0.5 --interactions " + in("pairs.csv").string() + " --out " +
                                           in("models").string());
  BOOST_CHECK_EQUAL(end.code, 66);
  BOOST_CHECK_MESSAGE(
      says(end.errors, in("pairs.csv").string() + ": --until: expected interactions with times"), end.errors);
  std::ofstream(in("lists.txt")) << "1 10 11 12\n2 11 12 13\n3 10 12 13\n"; // in order, but without times
  const auto lists = run("winnow-train", "--until 0.5 --interactions " + in("lists.txt").string() +
                                             " --out " + in("models").string());
  BOOST_CHECK_EQUAL(lists.code, 66);
  BOOST_CHECK_MESSAGE(says(lists.errors, "--until: expected interactions with times"), lists.errors);
}

BOOST_AUTO_TEST_CASE(a_least_rating_of_data_without_ratings_is_reported) {
  row_report report;
  reading_options options;
  options.least_rating = 4;
  std::ofstream(in("pairs.csv")) << "user_id,item_id\na,x\nb,y\n";
  const auto remark = in("pairs.csv").string() + ": the interactions have no ratings";
  BOOST_CHECK_EQUAL(test::need(read_interactions(in("pairs.csv"), options, report)).events.size(), 2u);
  BOOST_REQUIRE_EQUAL(report.remarks.size(), 1u);
  BOOST_CHECK_MESSAGE(says(report.remarks[0], remark), report.remarks[0]);
  std::ofstream(in("rated.csv")) << "user_id,item_id,rating\na,x,5\nb,y,4\n";
  BOOST_CHECK(read_interactions(in("rated.csv"), options, report));
  BOOST_CHECK(report.remarks.empty());
}

BOOST_AUTO_TEST_CASE(a_reader_that_leaves_does_not_end_the_training) {
  const auto bin = test::required_variable("WINNOW_BIN_DIR");
  child_process shell({"bash", "-c",
                       "set -o pipefail; '" + bin +
                           "/winnow-train' --stage lightgcn --epochs 2 --interactions <(cat '" +
                           (test::small_shop() / "interactions.csv").string() + "') --out '" +
                           in("models").string() + "' 2>&1 | head -n 1"},
                      in("said").string());
  BOOST_TEST(shell.wait(std::chrono::seconds(120)).value_or(-1) == 0);
  BOOST_TEST(fs::exists(in("models") / "lightgcn" / "item_embeddings.csv"));
}

BOOST_AUTO_TEST_CASE(names_the_bad_row_and_leaves_it_out_or_fails) {
  auto rows = bytes_of(test::small_shop() / "interactions.csv");
  rows.insert(rows.find('\n') + 1, "reader 1,,5,10\n");
  std::ofstream(in("bad.csv")) << rows;
  const auto arguments = "--stage lightgcn --epochs 1 --interactions " + in("bad.csv").string() + " --out " +
                         in("models").string();
  const auto lenient = run("winnow-train", arguments);
  check_trained(lenient);
  BOOST_CHECK_MESSAGE(says(lenient.errors, in("bad.csv").string() + ":2:"), lenient.errors);
  BOOST_CHECK_MESSAGE(says(lenient.errors, "left out: 1 "), lenient.errors);
  const auto strict = run("winnow-train", arguments + " --strict");
  BOOST_CHECK_EQUAL(strict.code, 66);
  BOOST_CHECK_MESSAGE(says(strict.errors, "winnow-train: " + in("bad.csv").string() + ":2:"), strict.errors);
}

BOOST_AUTO_TEST_CASE(reports_errors_in_its_input) {
  std::ofstream(in("empty.csv")).close();
  std::ofstream(in("other.csv")) << "a,b\n1,2\n";
  std::ofstream(in("bare.csv")) << "user_id,item_id\n";
  std::ofstream(in("file")).close();
  fs::create_directory(in("folder"));
  const auto refusal = [&](const std::string& arguments) {
    const auto end = run("winnow-train", arguments);
    BOOST_CHECK_EQUAL(end.code, 66);
    return end.errors;
  };
  const auto to = " --out " + in("models").string();
  for (const auto* name : {"nowhere.csv", "empty.csv", "other.csv", "bare.csv", "folder"})
    BOOST_TEST_CONTEXT(name) {
      const auto errors = refusal("--interactions " + in(name).string() + to);
      BOOST_CHECK_MESSAGE(says(errors, "winnow-train: ") && says(errors, in(name).string()), errors);
    }
  const auto no_train = refusal("--split " + in("folder").string() + to);
  BOOST_CHECK_MESSAGE(says(no_train, in("folder/train.txt").string()), no_train);
  const auto no_items = train("models", "--items " + in("nowhere.csv").string());
  BOOST_CHECK_NE(no_items.code, 0);
  std::ofstream(in("unusable.csv")) << "item_id,title\nx,\"a\"b\n";
  const auto unusable = train("models", "--items " + in("unusable.csv").string());
  BOOST_CHECK_EQUAL(unusable.code, 66);
  BOOST_CHECK_MESSAGE(says(unusable.errors, "expected rows of items of the interactions, got none"),
                      unusable.errors);
  BOOST_CHECK(!fs::exists(in("models") / "lightgcn"));
  std::ofstream(in("lone.csv")) << "user_id,item_id\na,x\nb,y\nc,x\n";
  const auto lone = refusal("--interactions " + in("lone.csv").string() + to);
  BOOST_CHECK_MESSAGE(says(lone, "lone.csv: expected a user with two training items, for DIN"), lone);
  BOOST_CHECK(!says(lone, "epoch"));
}

BOOST_AUTO_TEST_CASE(reports_what_is_in_the_way_of_its_output_before_the_training) {
  std::ofstream(in("file")).close();
  fs::create_directories(in("models/model.json"));
  fs::create_directories(in("half"));
  std::ofstream(in("half/din")).close();
  fs::create_directories(in("shop"));
  std::ofstream(in("shop/versions")).close();
  const auto refused = [&](const test::program_end& end, const std::string& reason) {
    BOOST_CHECK_EQUAL(end.code, 74);
    BOOST_CHECK_MESSAGE(says(end.errors, "winnow-train: " + reason), end.errors);
    BOOST_CHECK(!says(end.errors, "epoch"));
  };
  refused(train("file"), in("file").string() + ": cannot write to it: ");
  refused(train("file/models"), in("file/models").string() + ": cannot write to it: ");
  refused(train("models"), in("models/model.json").string() + ": expected a file or none, got a directory");
  refused(train("half"), in("half/din").string() + ": expected a directory, got another file");
  refused(train("shop", "--publish"),
          in("shop/versions").string() + ": expected a directory, got another file");
  BOOST_CHECK(!fs::exists(in("models/.training")));
}

BOOST_AUTO_TEST_CASE(later_stages_keep_the_widths_of_the_earlier_ones) {
  const auto widths = [&](const std::string& more) {
    check_trained(train("models", more));
    return json::parse(bytes_of(in("models") / "model.json"))["cascade"];
  };
  const json narrow{{"candidates", 10}, {"din_keep", 10}, {"ranknet_keep", 10}};
  BOOST_CHECK_EQUAL(widths("--stage lightgcn --epochs 1 --candidates 10"), narrow);
  BOOST_CHECK_EQUAL(widths("--stage din --epochs 1"), narrow);
  BOOST_CHECK_EQUAL(widths("--stage ranknet --epochs 1"), narrow);
  const json others{{"candidates", 10}, {"din_keep", 8}, {"ranknet_keep", 4}};
  BOOST_CHECK_EQUAL(widths("--stage ranknet --epochs 1 --din-keep 8 --ranknet-keep 4"), others);
}

BOOST_AUTO_TEST_CASE(reports_errors_in_its_flags) {
  const auto source = "--interactions " + (test::small_shop() / "interactions.csv").string();
  const auto whole = source + " --out " + in("models").string();
  for (const auto& arguments :
       {std::string(), source, "--out " + in("models").string(), whole + " --split " + in("models").string(),
        whole + " --stage sometimes", whole + " --holdout ratio:0.9,0.9", whole + " --holdout weekly",
        whole + " --until 1.5", whole + " --until 0", whole + " --until soon", whole + " --dim 4",
        whole + " --epochs 0", whole + " --seed many", whole + " --threads -1", whole + " --unknown"})
    BOOST_CHECK_MESSAGE(run("winnow-train", arguments).code == 78, arguments);
  BOOST_CHECK_EQUAL(run("winnow-train", "--help").code, 0);
  for (const std::string program : {"winnow-train", "winnow-eval", "winnow-bookshop"}) {
    const auto versions = run(program, "--version");
    BOOST_CHECK_EQUAL(versions.code, 0);
    BOOST_CHECK_MESSAGE(versions.out.find(program + " 0") == 0, versions.out);
  }
  BOOST_CHECK(!fs::exists(in("models")));
}

BOOST_AUTO_TEST_CASE(holds_back_items_as_requested) {
  const auto split_of = [&](const std::string& holdout) {
    check_trained(train("models", "--stage lightgcn --epochs 1 --holdout " + holdout));
    return json::parse(bytes_of(in("models") / "model.json"));
  };
  const auto loo = split_of("loo");
  BOOST_CHECK_EQUAL(loo["split"], "leave_one_out");
  const auto valid = split_of("valid");
  BOOST_CHECK_EQUAL(valid["split"], "none");
  BOOST_CHECK(!valid.contains("metrics"));
  BOOST_CHECK_GT(valid["data"]["training_interactions"], loo["data"]["training_interactions"]);
  BOOST_CHECK_EQUAL(split_of("ratio:0.1,0.1")["split"], "ratio:0.1,0.1");
}

BOOST_AUTO_TEST_CASE(lightgcn_alone_holds_back_a_few_items_where_no_others_end_its_training) {
  std::filesystem::create_directory(in("split"));
  std::ofstream lists(in("split") / "train.txt");
  for (int user = 0; user < 30; ++user) {
    lists << user;
    for (int item = 0; item < 10; ++item)
      lists << ' ' << (user * 3 + item * item) % 40;
    lists << '\n';
  }
  lists.close();
  const auto trained_pairs = [&](const std::string& more) {
    const auto end = run("winnow-train", "--split '" + in("split").string() + "' --stage lightgcn --out '" +
                                             in("models").string() + "' " + more);
    check_trained(end);
    const bool says_so =
        end.errors.find("one training item each of 30 users is held back") != std::string::npos;
    BOOST_CHECK_EQUAL(says_so, more.empty());
    return json::parse(bytes_of(in("models") / "model.json"))["data"]["training_interactions"].get<int>();
  };
  const auto all = trained_pairs("--epochs 3");
  BOOST_CHECK_EQUAL(trained_pairs("--loss bpr --epochs 3"), all);
  BOOST_CHECK_EQUAL(trained_pairs(""), all - 30);
}

BOOST_AUTO_TEST_CASE(evaluation_holds_back_the_items_that_training_held_back) {
  // Without times, the items to hold back are drawn at random.
  const auto pairs = in("pairs.csv");
  std::ofstream(pairs) << without_times(bytes_of(test::small_shop() / "interactions.csv"));
  const auto trained =
      run("winnow-train", "--interactions '" + pairs.string() + "' --out '" + in("models").string() +
                              "' --stage lightgcn --epochs 2 --seed 77 --holdout ratio:0.1,0.25");
  check_trained(trained);
  const auto measure = [&](const std::string& more) {
    const auto end = run("winnow-eval", "--json --model-dir '" + in("models").string() +
                                            "' --interactions '" + pairs.string() + "' " + more);
    BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
    return json::parse(end.out)["rankings"];
  };
  const auto described = json::parse(bytes_of(in("models") / "model.json"));
  BOOST_CHECK_EQUAL(measure(""), described["metrics"]);
  BOOST_CHECK_NE(measure("--holdout-seed 78"), described["metrics"]);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(train_resume_suite, test::train_program)

BOOST_AUTO_TEST_CASE(an_interrupted_lightgcn_keeps_the_old_models_and_resumes_to_the_same_bytes) {
  const std::string long_run = "--stage lightgcn --seed 5 --epochs 300 --look-every 1 --patience 1000";
  check_trained(train("models", "--stage lightgcn"));
  const auto old = files_below(in("models"));
  const auto stopped = train_and_interrupt("models", long_run, "LightGCN epoch 7/300");
  BOOST_CHECK_EQUAL(stopped.code, 130);
  BOOST_CHECK_MESSAGE(says(stopped.errors, "run the same command with --resume to continue"), stopped.errors);
  check_same(files_below(in("models")), old);

  const auto resumed = train("models", long_run + " --resume");
  check_trained(resumed);
  BOOST_CHECK_MESSAGE(says(resumed.errors, "LightGCN continues after epoch "), resumed.errors);
  check_trained(train("whole", long_run));
  check_same(files_below(in("models")), files_below(in("whole")));
}

BOOST_AUTO_TEST_CASE(an_interrupted_din_or_ranknet_resumes_to_the_same_bytes) {
  const std::string run = "--din-epochs 3 --ranknet-epochs 200";
  const auto in_din = train_and_interrupt("models", run, "LightGCN done");
  BOOST_CHECK_EQUAL(in_din.code, 130);
  BOOST_CHECK(files_below(in("models")).empty());

  const auto in_ranknet = train_and_interrupt("models", run + " --resume", "DIN done");
  BOOST_CHECK_EQUAL(in_ranknet.code, 130);
  BOOST_CHECK(files_below(in("models")).empty());

  const auto resumed = train("models", run + " --resume");
  check_trained(resumed);
  BOOST_CHECK_MESSAGE(says(resumed.errors, "LightGCN continues after epoch 10"), resumed.errors);
  BOOST_CHECK_MESSAGE(says(resumed.errors, "DIN continues after epoch 3"), resumed.errors);
  check_trained(train("whole", run));
  check_same(files_below(in("models")), files_below(in("whole")));
}

BOOST_AUTO_TEST_CASE(refuses_to_resume_another_run_and_keeps_its_state) {
  const std::string run = "--stage lightgcn --epochs 300 --look-every 1 --patience 1000";
  BOOST_CHECK_EQUAL(train_and_interrupt("models", run, "LightGCN epoch 7/300").code, 130);
  const auto state = bytes_of(in("models") / ".training/lightgcn.state");
  const auto other = train("models", run + " --seed 8 --resume");
  BOOST_CHECK_EQUAL(other.code, 78);
  BOOST_CHECK_MESSAGE(says(other.errors, "lightgcn.state: expected the training state of this run") &&
                          says(other.errors, "(seed: 2020, now 8)"),
                      other.errors);
  BOOST_CHECK(bytes_of(in("models") / ".training/lightgcn.state") == state);
}

BOOST_AUTO_TEST_CASE(says_if_there_is_nothing_to_resume) {
  const auto end = train("models", "--stage lightgcn --resume");
  check_trained(end);
  BOOST_CHECK_MESSAGE(says(end.errors, "nothing to resume; training from the start"), end.errors);
}

BOOST_AUTO_TEST_CASE(reports_a_damaged_state) {
  const std::string run = "--stage lightgcn --epochs 300 --look-every 1 --patience 1000";
  BOOST_CHECK_EQUAL(train_and_interrupt("models", run, "LightGCN epoch 7/300").code, 130);
  const auto state = in("models") / ".training/lightgcn.state";
  fs::resize_file(state, fs::file_size(state) / 2);
  const auto refused = train("models", run + " --resume");
  BOOST_CHECK_EQUAL(refused.code, 66);
  BOOST_CHECK_MESSAGE(
      says(refused.errors, "lightgcn.state: the training state is damaged; remove it to start over"),
      refused.errors);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
