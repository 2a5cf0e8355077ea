#include "daemon_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

// The file of --rules over the life of a daemon, and winnowctl rules.

using namespace winnow::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct rules_fixture {
  temp_dir directory;
  std::string file = directory.path() + "/rules.json", models = directory.path() + "/models";
  std::string socket = directory.path() + "/admin.sock";
  std::string pinned = json::parse(books(1, 200)).at(0), other = json::parse(books(1, 210)).at(0);
  std::optional<daemon_process> shop;

  rules_fixture() {
    fs::copy(bookshop_dir(), models, fs::copy_options::recursive);
    std::ofstream items(models + "/items.csv");
    items << "item_id,cheap\n";
    for (const auto& book : json::parse(books(300)))
      items << book.get<std::string>() << ",true\n";
  }

  /// In one step.
  void write(const std::string& text) const {
    std::ofstream(file + ".new") << text;
    fs::rename(file + ".new", file);
  }

  std::string pinning(const std::string& item) const { return R"({"pin": {")" + item + R"(": 1}})"; }

  strings flags() const {
    return {"--host",  "127.0.0.1",     "--port",  "0",       "--model-dir",    models,    "--store",
            "memory:", "--learn-state", "learned", "--admin", "unix:" + socket, "--rules", file};
  }

  void start() {
    shop.emplace(flags());
    shop->wait_until_ready();
    shop->http().put("/profiles/u", books(4));
  }

  std::string first() const {
    return json::parse(shop->http().post("/recommend/u").body).at("recommendations").at(0);
  }

  std::string ctl(strings arguments) const {
    strings words{required_variable("WINNOW_BIN_DIR") + "/winnowctl", "--admin", "unix:" + socket};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto output = directory.path() + "/output";
    child_process(words, output).wait();
    return bytes_of(output);
  }

  bool refused() const { return shop->metric("winnow_rules_refused") == 1; }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(rules, rules_fixture)

BOOST_AUTO_TEST_CASE(a_changed_file_is_taken_and_a_broken_one_is_not) {
  write(pinning(pinned));
  start();
  BOOST_CHECK_EQUAL(first(), pinned);
  write(pinning(other));
  BOOST_CHECK(wait_until([&] { return first() == other; }));
  BOOST_CHECK(!refused());

  write(R"({"boost": [{"filter": {"cheep": true}, "factor": 2}]})");
  BOOST_CHECK(wait_until([&] { return refused(); }));
  BOOST_CHECK_EQUAL(first(), other);
  const auto fault = file + ": boost[0].filter: the items have no attribute \"cheep\"; did you mean cheap?";
  BOOST_CHECK(shop->wait_for_error_line("rules refused, the old ones stay"));
  const auto shown = ctl({"rules"});
  BOOST_CHECK_MESSAGE(has(shown, "was refused: " + fault), shown);
  BOOST_CHECK_MESSAGE(has(shown, "pin." + other + ": " + other + " at place 1"), shown);

  fs::remove(file);
  BOOST_CHECK(wait_until([&] { return has(ctl({"rules"}), "cannot open"); }));
  BOOST_CHECK_EQUAL(first(), other);
  write(pinning(pinned));
  BOOST_CHECK(wait_until([&] { return first() == pinned; }));
  BOOST_CHECK(!refused());
}

BOOST_AUTO_TEST_CASE(sighup_reads_rules_and_models_together) {
  write(R"({"filter": {"cheap": true}})");
  start();
  const auto version = json::parse(shop->http().post("/recommend/u").body).at("model_version");
  std::ofstream(models + "/items.csv") << "item_id,good\n"; // the rules do not fit this one
  std::ofstream(models + "/lightgcn_data.csv", std::ios::app) << "reader," << pinned << "\n";
  shop->signal(SIGHUP);
  BOOST_CHECK(shop->wait_for_error_line("reload refused, the old models stay"));
  BOOST_CHECK(shop->wait_for_error_line("the rules in force do not fit these models"));
  BOOST_CHECK_EQUAL(json::parse(shop->http().post("/recommend/u").body).at("model_version"), version);
  write(R"({"filter": {"not": {"good": "no"}}})");
  shop->signal(SIGHUP);
  BOOST_CHECK(wait_until(
      [&] { return json::parse(shop->http().post("/recommend/u").body).at("model_version") != version; }));
  BOOST_CHECK(wait_until([&] { return !refused(); }));
  BOOST_CHECK_EQUAL(shop->metric("winnow_rules_misfits"), 0);
}

BOOST_AUTO_TEST_CASE(rules_that_no_longer_fit_the_items_are_shown) {
  write(R"({"filter": {"cheap": true}})");
  start();
  BOOST_CHECK(!has(ctl({"rules"}), "not applied"));
  std::ofstream(models + "/items.csv") << "item_id,good\n" << pinned << ",true\n";
  const auto readiness = [&] { return shop->http().get("/readyz").body; };
  BOOST_CHECK(
      wait_until([&] { return has(readiness(), "rules that do not fit the items are not applied"); }));
  BOOST_CHECK(has(readiness(), R"("status":"degraded")"));
  const auto shown = ctl({"rules"});
  BOOST_CHECK_MESSAGE(has(shown, "filter: not applied, as the items have no attribute \"cheap\""), shown);
  BOOST_CHECK_MESSAGE(has(shown, ": only if cheap is true"), shown);
}

BOOST_AUTO_TEST_CASE(a_version_that_the_rules_do_not_fit_is_not_promoted) {
  for (const std::string name : {"one", "two"}) { // their own items are not cheap
    fs::create_directories(models + "/versions");
    fs::copy(bookshop_dir(), models + "/versions/" + name, fs::copy_options::recursive);
    std::ofstream(models + "/versions/" + name + "/manifest.json") << R"({"files": {}})";
  }
  write(R"({"filter": {"cheap": true}})");
  start();
  const auto promoted = ctl({"models", "promote", "one"}); // it gets the items of the model directory
  BOOST_CHECK_MESSAGE(has(promoted, "one is in force"), promoted);
  fs::remove(models + "/items.csv");
  const auto refusal = ctl({"models", "promote", "two", "--force"});
  BOOST_CHECK_MESSAGE(has(refusal, "the rules in force do not fit these models"), refusal);
  BOOST_CHECK_EQUAL(json::parse(ctl({"--json", "models", "list"})).at("in_force"), "one");
}

BOOST_AUTO_TEST_CASE(a_start_with_a_bad_file_is_refused) {
  const auto refusal = [&](const strings& words) {
    daemon_process process(words);
    BOOST_CHECK_EQUAL(process.wait().value_or(-1), 78);
    return process.errors();
  };
  BOOST_CHECK(has(refusal(flags()), "--rules: " + file + ": cannot open"));
  write(R"({"placements": {"cart": {"boost": [{"filter": {"a": null}, "factor": 1}]}}})");
  auto check = flags();
  check.emplace_back("--check-config");
  for (const auto& words : {flags(), check}) {
    const auto said = refusal(words);
    BOOST_CHECK_MESSAGE(has(said, file + ": placements.cart.boost[0].filter: a: expected a text, a number, "
                                         "true or false, got null"),
                        said);
  }
  write(R"({"filter": {"cheep": true}})");
  const auto said = refusal(flags());
  BOOST_CHECK_MESSAGE(has(said, "--rules: " + file + ": filter: the items have no attribute \"cheep\""),
                      said);
  daemon_process checked(check); // which loads no models
  BOOST_CHECK_EQUAL(checked.wait().value_or(-1), 0);
  BOOST_CHECK(has(checked.errors(), "the rules are not compared with the items"));
}

BOOST_AUTO_TEST_CASE(a_trial_says_which_rule_moved_which_item) {
  write(R"({"pin": {")" + pinned + R"(": 1}, "placements": {"cart": {"limit": 3}}})");
  start();
  shop->http().post("/recommend/u");
  const auto before = shop->http().get("/recommendations/u").body;
  const auto shown = ctl({"rules", "--try", "u", "--placement", "cart"});
  BOOST_CHECK_MESSAGE(has(shown, "user u  placement cart  rules "), shown);
  BOOST_CHECK_MESSAGE(has(shown, "pin." + pinned + " (" + pinned + " at place 1)"), shown);
  BOOST_CHECK_MESSAGE(has(shown, "moved by others"), shown);
  BOOST_CHECK_MESSAGE(has(shown, "placements.cart.limit (3 items)"), shown);
  const auto trial = json::parse(ctl({"--json", "rules", "--try", "u", "--placement", "cart"}));
  BOOST_CHECK_EQUAL(trial.at("with").size(), 3u);
  BOOST_CHECK_EQUAL(trial.at("without").size(), 20u);
  BOOST_CHECK_EQUAL(shop->http().get("/recommendations/u").body, before);
  BOOST_CHECK(has(ctl({"rules", "--try", "u", "--placement", "crat"}), "did you mean cart?"));
  BOOST_CHECK(has(ctl({"rules", "--try", "nobody"}), "no profile of user nobody"));
  BOOST_CHECK_EQUAL(shop->metric("winnow_recommender_requests_total{origin=\"http\",outcome=\"ok\"}"), 1);
}

BOOST_AUTO_TEST_SUITE_END()
