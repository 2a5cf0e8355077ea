#include "daemon_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

// Several versions of the models in one model directory, steered by winnowctl.

using namespace winnow::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A model directory with the bookshop's files, and versions of it that differ in their users.
struct shop_with_versions {
  temp_dir made;
  std::string home = made.path() + "/models";
  redis_server redis;
  std::optional<daemon_process> shop;

  shop_with_versions() {
    fs::copy(bookshop_dir(), home, fs::copy_options::recursive);
    for (const char* name : {"one", "two"})
      add(name);
    start();
  }

  void add(const std::string& name) const {
    const auto directory = home + "/versions/" + name;
    fs::create_directories(home + "/versions");
    fs::copy(bookshop_dir(), directory, fs::copy_options::recursive);
    const auto users = directory + "/lightgcn/user_embeddings.csv";
    std::ifstream in(users);
    std::string header, row;
    std::getline(in, header);
    std::getline(in, row);
    std::ofstream(users, std::ios::app) << "reader of " << name << row.substr(row.find(',')) << "\n";
    std::ofstream(directory + "/manifest.json") << R"({"files": {}})";
  }

  /// Gives the books each other's embeddings.
  void spoil(const std::string& name) const {
    const auto file = home + "/versions/" + name + "/lightgcn/item_embeddings.csv";
    std::ifstream in(file);
    std::string head;
    std::getline(in, head);
    strings ids, rows;
    for (std::string line; std::getline(in, line);) {
      ids.push_back(line.substr(0, line.find(',')));
      rows.push_back(line.substr(line.find(',')));
    }
    std::ofstream out(file);
    out << head << "\n";
    for (std::size_t i = 0; i < ids.size(); ++i)
      out << ids[i] << rows[ids.size() - 1 - i] << "\n";
  }

  void start(const strings& further = {}) {
    shop.reset();
    strings flags{"--model-dir", home, "--admin", "127.0.0.1:0"};
    flags.insert(flags.end(), further.begin(), further.end());
    shop.emplace(flags_for(redis, flags));
    shop->wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return !shop->admin_address().empty(); }));
  }

  void stop() {
    shop->signal(SIGTERM);
    BOOST_REQUIRE(shop->wait().value_or(-1) == 0);
  }

  /// Runs `winnowctl models …`. @param code The expected exit code.
  std::string models(strings words, int code = 0) const {
    words.insert(words.begin(), "models");
    return ctl(words, code);
  }

  std::string ctl(const strings& words, int code = 0) const {
    strings all{required_variable("WINNOW_BIN_DIR") + "/winnowctl", "--admin", shop->admin_address()};
    all.insert(all.end(), words.begin(), words.end());
    const auto file = made.path() + "/output";
    const auto ended = child_process(all, file).wait().value_or(-1);
    const auto text = bytes_of(file);
    BOOST_TEST(ended == code, text);
    return text;
  }

  json entry(const std::string& name) const {
    const auto listed = json::parse(models({"list", "--json"}));
    for (const auto& one : listed.at("versions"))
      if (one.at("name") == name)
        return one;
    return nullptr;
  }

  /// The version that answers.
  std::string digest() const {
    redis.call({"SET", "user_profile:u", books(4)});
    return json::parse(shop->http().post("/recommend/u").body).at("model_version");
  }

  bool serves(const std::string& name) const {
    return wait_until([&] { return digest() == entry(name).at("digest"); }) &&
           entry(name).at("in_force") == true;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(model_versions, shop_with_versions)

BOOST_AUTO_TEST_CASE(versions_are_promoted_rolled_back_and_kept_over_a_restart) {
  BOOST_TEST(serves("flat"));
  BOOST_TEST(models({"promote", "one"}) == "one is in force, before it flat\n");
  BOOST_TEST(serves("one"));
  BOOST_TEST(models({"promote", "two"}) == "two is in force, before it one\n");
  BOOST_TEST(serves("two"));
  fs::remove_all(home + "/versions/one/din"); // it needs no files
  BOOST_TEST(models({"rollback"}) == "one is in force, before it flat\n");
  BOOST_TEST(serves("one"));
  models({"promote", "two"});
  stop();
  start();
  BOOST_TEST(serves("two"));
  models({"promote", "flat"});
  BOOST_TEST(serves("flat"));
  stop();
  start();
  BOOST_TEST(serves("flat"));
  BOOST_TEST(models({"rollback"}, 1).find("no other version was in force before flat") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_answer_comes_when_the_version_is_in_force) {
  const auto answers_at_once = [&](const std::string& name) {
    const auto answering = digest(); // first, as the next question takes time
    return answering == entry(name).at("digest");
  };
  for (int i = 0; i < 5; ++i) {
    for (const char* name : {"one", "two"}) {
      models({"promote", name});
      BOOST_TEST(answers_at_once(name), name);
    }
    models({"rollback"});
    BOOST_TEST(answers_at_once("one"));
  }
}

BOOST_AUTO_TEST_CASE(sighup_serves_what_current_names_as_ever) {
  std::ofstream(home + "/current") << "versions/one\n";
  shop->signal(SIGHUP);
  BOOST_TEST(serves("one"));
  models({"rollback"});
  BOOST_TEST(serves("flat"));
  BOOST_TEST(bytes_of(home + "/current") == ".\n");
}

BOOST_AUTO_TEST_CASE(versions_are_loaded_pinned_and_deleted) {
  const auto loaded = models({"load", "one"});
  BOOST_TEST(loaded.find("one: loaded\none: passed, compared with ") == 0u, loaded);
  BOOST_TEST(entry("one").at("loaded") == true);
  BOOST_TEST(entry("one").at("in_force") == false);
  BOOST_TEST(serves("flat"));
  models({"pin", "one"});
  const auto list = models({"list"});
  BOOST_TEST(list.find("loaded, pinned") != std::string::npos, list);
  models({"delete", "one"}, 1);
  models({"unpin", "one"});
  models({"delete", "one"});
  BOOST_TEST(entry("one").is_null());
  models({"delete", "flat"}, 1);
  models({"promote", "three"}, 1);
  models({"promote"}, 64);
  models({"rollback", "one"}, 64);
  models({"forget", "one"}, 64);
}

BOOST_AUTO_TEST_CASE(a_spoiled_version_does_not_pass_the_gate) {
  spoil("two");
  for (std::size_t reader = 0; reader < 60; ++reader)
    redis.call({"SET", "user_profile:" + std::to_string(reader), books(4, reader)});
  stop();
  start({"--gate-overlap", "0.9"});
  BOOST_REQUIRE(wait_until([&] { return shop->metric("winnow_poller_profiles_seen_total") >= 60; }));
  BOOST_TEST(models({"promote", "one"}) == "one is in force, before it flat\n");
  const auto refusal = models({"promote", "two"}, 1);
  BOOST_TEST(refusal.find("version two did not pass the gate: overlap of the lists") != std::string::npos,
             refusal);
  BOOST_TEST(serves("one"));
  const auto report = models({"report", "two"});
  BOOST_TEST(report.find("two: refused, compared with ") != std::string::npos, report);
  BOOST_TEST(json::parse(models({"report", "--json"})).at("reports").size() == 2u);
  std::ofstream(home + "/current") << "versions/two\n";
  shop->signal(SIGHUP);
  BOOST_CHECK(shop->wait_for_error_line("reload refused"));
  BOOST_TEST(bytes_of(home + "/current") == "versions/one\n");
  BOOST_TEST(models({"promote", "two", "--force"}) == "two is in force, before it one\n");
  BOOST_TEST(serves("two"));
}

BOOST_AUTO_TEST_CASE(what_users_take_is_told_by_version) {
  BOOST_TEST(ctl({"experiments"}).find("nobody has taken an item") == 0u);
  redis.call({"SET", "user_profile:u", books(4)});
  auto profile = json::parse(books(4));
  const auto list = wait_for_list(redis, "u");
  profile.push_back(json::parse(list).at(0));
  redis.call({"SET", "user_profile:u", profile.dump()});
  wait_for_list(redis, "u", list);
  const auto taken = [&] { return json::parse(ctl({"experiments", "--json"})).at("versions"); };
  BOOST_REQUIRE(wait_until([&] { return !taken().empty(); }));
  BOOST_TEST(taken().at(0).at("version") == entry("flat").at("digest"));
  BOOST_TEST(taken().at(0).at("places").at("1") == 1);
  BOOST_TEST(taken().at(0).at("hit_rate").at("value") == 1.0);
  const auto table = ctl({"experiments"});
  BOOST_TEST(table.find("hit rate") != std::string::npos, table);
  BOOST_TEST(table.find("1.0000 (0.2065 to 1.0000)") != std::string::npos, table);
  BOOST_TEST(table.find("day (UTC)") != std::string::npos, table);
  const auto days = json::parse(ctl({"experiments", "--json"})).at("days");
  BOOST_REQUIRE(days.size() == 1u);
  BOOST_TEST(days[0].at("version") == taken().at(0).at("version"));
  BOOST_TEST(days[0].at("placement").is_null());
  BOOST_TEST(days[0].at("hit_rate").at("value") == 1.0);
  stop();
  start({"--watch-taken", "0"});
  ctl({"experiments"}, 1);
}

BOOST_AUTO_TEST_CASE(versions_share_the_users_also_after_a_restart) {
  models({"promote", "one"});
  BOOST_TEST(serves("one"));
  const auto begun = ctl({"experiments", "start", "layout", "--versions", "one=50,two=50"});
  BOOST_TEST(begun.find("experiment layout runs") == 0u, begun);
  for (int i = 0; i < 12; ++i)
    redis.call({"SET", "user_profile:" + std::to_string(i), books(4)});
  const auto two = entry("two").at("digest").get<std::string>();
  const auto versions = [&] {
    strings of_users;
    for (int i = 0; i < 12; ++i)
      of_users.push_back(
          json::parse(shop->http().post("/recommend/" + std::to_string(i)).body).at("model_version"));
    return of_users;
  };
  const auto before = versions();
  const auto of_two = std::count(before.begin(), before.end(), two);
  BOOST_TEST(of_two > 0);
  BOOST_TEST(of_two < 12);
  const auto trace = json::parse(ctl({"trace", "3", "--json"}));
  BOOST_TEST(trace.at("model_version") == before[3]);
  const auto list = models({"list"});
  BOOST_TEST(list.find("50 % of the users") != std::string::npos, list);

  BOOST_REQUIRE(wait_until([&] { return shop->metric("winnow_poller_pending_profiles") == 0; }));
  stop();
  start();
  BOOST_TEST(ctl({"experiments"}).find("experiment layout, since ") == 0u);
  BOOST_REQUIRE(wait_until([&] { return shop->metric("winnow_poller_profiles_unchanged_total") >= 12; }));
  BOOST_TEST(shop->metric("winnow_poller_profiles_changed_total") == 0); // every list was current
  BOOST_TEST(versions() == before, boost::test_tools::per_element());

  const auto promoted = models({"promote", "two"});
  BOOST_TEST(promoted.find("experiment layout has ended: all users get two") != std::string::npos, promoted);
  BOOST_REQUIRE(wait_until([&] { return versions() == strings(12, two); }));
  ctl({"experiments", "stop"}, 1);
  ctl({"experiments", "start", "layout"}, 64);
  ctl({"experiments", "start", "layout", "--versions", "one=50"}, 1);
  ctl({"experiments", "start", "layout", "--versions", "one=50,flat=50"}, 1); // two is in force
}

BOOST_AUTO_TEST_CASE(a_broken_version_is_not_served) {
  fs::resize_file(home + "/versions/one/ranknet/best_model.pth", 1000);
  BOOST_TEST(models({"promote", "one"}, 1).find("ranknet/best_model.pth") != std::string::npos);
  BOOST_TEST(serves("flat"));
  BOOST_TEST(!fs::exists(home + "/current"));
}

BOOST_AUTO_TEST_SUITE_END()
