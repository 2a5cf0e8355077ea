#include "daemon_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

// winnow-retrain, the script that timers call: from the profiles in Redis to a version in force, with the
// real programs.

using namespace winnow::test;
namespace fs = std::filesystem;

namespace {

struct ended_script {
  int code = -1;
  std::string said;
};

struct retrained_shop {
  temp_dir made;
  std::string home = made.path() + "/models";
  redis_server redis;
  std::optional<daemon_process> shop;

  retrained_shop() {
    const auto bin = required_variable("WINNOW_BIN_DIR");
    child_process bookshop(
        {bin + "/winnow-bookshop", "--books", "300", "--readers", "200", "--out", made.path() + "/shop"},
        made.path() + "/said");
    BOOST_REQUIRE(bookshop.wait(std::chrono::minutes(1)) == 0);
    std::map<std::string, std::string> profiles;
    std::ifstream file(made.path() + "/shop/interactions.csv");
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream fields(line);
      std::string user, item;
      std::getline(fields, user, ',');
      std::getline(fields, item, ',');
      auto& json = profiles[user];
      json += (json.empty() ? "[\"" : ",\"") + item + "\"";
    }
    for (const auto& [user, json] : profiles)
      redis.call({"SET", "user_profile:" + user, json + "]"});
  }

  void start(const strings& further = {}) {
    shop.reset();
    strings flags{"--model-dir", home, "--admin", "127.0.0.1:0"};
    flags.insert(flags.end(), further.begin(), further.end());
    shop.emplace(flags_for(redis, flags));
    shop->wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return shop->metric("winnow_poller_profiles_seen_total") >= 60; }));
  }

  ended_script retrain(const strings& environment = {}, const strings& words = {}) const {
    strings all{"env",
                "MODEL_DIR=" + home,
                "TRAIN_STORE=redis://127.0.0.1:" + std::to_string(redis.port()),
                "TRAIN_ITEMS=" + made.path() + "/shop/items.csv",
                "TRAIN_OPTIONS=--dim 16 --epochs 4 --lr 0.01 --din-epochs 1 --ranknet-epochs 2 --threads 2",
                "PATH=" + required_variable("WINNOW_BIN_DIR") + ":" + required_variable("PATH")};
    if (shop)
      all.push_back("TRAIN_ADMIN=" + shop->admin_address());
    all.insert(all.end(), environment.begin(), environment.end());
    all.push_back(required_variable("WINNOW_SOURCE_DIR") + "/tools/deploy/training/winnow-retrain");
    all.insert(all.end(), words.begin(), words.end());
    const auto file = made.path() + "/retrained";
    const auto code = child_process(all, file).wait(std::chrono::minutes(2)).value_or(-1);
    return {code, bytes_of(file)};
  }

  std::string current() const { return bytes_of(home + "/current"); }

  std::size_t versions() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(home + "/versions"), fs::directory_iterator()));
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(nightly_training, retrained_shop)

BOOST_AUTO_TEST_CASE(publishes_what_passes_the_gate_and_keeps_aside_what_does_not) {
  const auto first = retrain();
  BOOST_REQUIRE_MESSAGE(first.code == 0, first.said);
  BOOST_TEST(says(first.said, "--continue: all stages are trained from the start"), first.said);
  BOOST_TEST(says(first.said, ", the first;"), first.said);
  const auto begun_with = current();

  start();
  BOOST_REQUIRE(wait_until([&] { return shop->metric("winnow_drift_observed_lists") > 0; }));
  BOOST_TEST(shop->metric("winnow_drift_unknown_items_ratio") == 0);
  BOOST_TEST(shop->metric("winnow_drift_unknown_users_ratio") == 0);
  BOOST_TEST(shop->metric("winnow_model_trained_timestamp_seconds") > 1.7e9);
  const auto second = retrain({"TRAIN_KEEP=1"});
  BOOST_REQUIRE_MESSAGE(second.code == 0, second.said);
  BOOST_TEST(says(second.said, " is in force, before it "), second.said);
  BOOST_TEST(says(second.said, " is deleted, as one of the oldest"), second.said);
  BOOST_TEST(versions() == 1u);
  const auto in_force = current();
  BOOST_TEST(in_force != begun_with);

  shop->signal(SIGTERM);
  BOOST_REQUIRE(shop->wait().value_or(-1) == 0);
  start({"--gate-overlap", "1"}); // only the same lists pass
  const auto refused = retrain({"TRAIN_OPTIONS=--dim 16 --epochs 4 --lr 0.05 --seed 7 --threads 2"});
  BOOST_TEST(refused.code == 10, refused.said);
  BOOST_TEST(says(refused.said, "winnow-retrain: REFUSED by the gate: "), refused.said);
  BOOST_TEST(says(refused.said, "did not pass the gate: "), refused.said);
  BOOST_TEST(current() == in_force);
  BOOST_TEST(versions() == 2u);
}

BOOST_AUTO_TEST_CASE(every_other_end_has_a_status_of_its_own) {
  BOOST_REQUIRE(retrain().code == 0);
  const auto unanswered = retrain({"TRAIN_ADMIN=127.0.0.1:1"});
  BOOST_TEST(unanswered.code == 11, unanswered.said);
  BOOST_TEST(says(unanswered.said, "is published, but not promoted: "), unanswered.said);
  const auto no_store = retrain({"TRAIN_STORE=redis://127.0.0.1:1"});
  BOOST_TEST(no_store.code == 69, no_store.said);
  BOOST_TEST(says(no_store.said, "training failed with exit status 69"), no_store.said);
  BOOST_TEST(retrain({"TRAIN_OPTIONS=--dimension 4"}).code == 78);
  BOOST_TEST(retrain({}, {"--often"}).code == 64);
  BOOST_TEST(retrain({}, {"--help"}).code == 0);
  BOOST_TEST(retrain({}, {"--every", "1day"}).code == 64); // not after a training, and not again and again
  BOOST_TEST(retrain({}, {"--every", "0.0h"}).code == 64);
  BOOST_TEST(retrain({}, {"--every"}).code == 64);

  const auto held = made.path() + "/held";
  child_process other({"flock", home + "/.retrain.lock", "sh", "-c", "echo locked; exec sleep 60"}, held);
  BOOST_REQUIRE(wait_until([&] { return written_so_far(held) == "locked\n"; }));
  BOOST_TEST(retrain().code == 12);
}

BOOST_AUTO_TEST_CASE(ends_at_once_if_it_is_stopped_between_two_runs) {
  const auto said = made.path() + "/said";
  child_process script({"env", "MODEL_DIR=/proc/none",
                        "PATH=" + required_variable("WINNOW_BIN_DIR") + ":" + required_variable("PATH"),
                        required_variable("WINNOW_SOURCE_DIR") + "/tools/deploy/training/winnow-retrain",
                        "--every", "1h"},
                       said);
  BOOST_REQUIRE(
      wait_until([&] { return says(written_so_far(said), "exit status 73; the next run is in 1h"); }));
  script.signal(SIGTERM);
  BOOST_TEST(script.wait().value_or(-1) == 0); // by its own handler, without which process 1 gets no signal
}

BOOST_AUTO_TEST_CASE(takes_from_the_settings_of_winnowd_what_its_own_do_not_name) {
  const auto config = made.path() + "/winnowd.conf", token = made.path() + "/token",
             models = made.path() + "/a # b";
  const auto retrain_by = [&](const std::string& admin, const strings& further = {}) {
    std::ofstream(config) << "model-dir = \"" << models << "\"\nadmin = \"" << admin
                          << "\"\nadmin-token-file = \"" << token << "\"\n";
    strings environment{"MODEL_DIR=", "TRAIN_ADMIN=", "WINNOW_CONFIG=" + config};
    environment.insert(environment.end(), further.begin(), further.end());
    return retrain(environment);
  };
  const auto first = retrain_by("off");
  BOOST_REQUIRE_MESSAGE(first.code == 0, first.said);
  BOOST_TEST(says(first.said, ", the first;"), first.said);
  BOOST_TEST(!fs::exists(home));
  const auto begun_with = models + "/" + bytes_of(models + "/current");
  std::ofstream(models + "/current") << begun_with; // may name a directory elsewhere, too

  home = models;
  start({"--admin-token-file", token});
  const auto second = retrain_by(shop->admin_address(), {"TRAIN_ITEMS="});
  BOOST_TEST(second.code == 0, second.said);
  BOOST_TEST(says(second.said, "/items.csv: 300 rows read"), second.said); // those of the models in force
  BOOST_TEST(says(second.said, " is in force, before it "), second.said);
  BOOST_TEST(current() != begun_with);
  BOOST_TEST(retrain({"MODEL_DIR=/proc/none"}).code == 73);
  BOOST_TEST(retrain({"WINNOW_CONFIG=" + config + ".none"}).code == 78);
}

BOOST_AUTO_TEST_SUITE_END()
