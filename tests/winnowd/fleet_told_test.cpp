// What an operator tells one replica of a fleet holds on all.

#include "fleet_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace winnow::test;
using nlohmann::json;

namespace {

struct told_fixture : fleet_fixture {
  explicit told_fixture(bool learns = false) : fleet_fixture(learns) {}

  static const std::string& book() {
    static const std::string first = json::parse(books(1))[0];
    return first;
  }

  static bool is_hidden(const daemon_process& one) {
    const auto told = json::parse(one.http().get("/items/" + book()).body);
    return told.value("withheld", "") == "hidden";
  }

  bool all_hide() const {
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return is_hidden(*one); });
  }

  /// What the replicas say that they learned.
  std::set<std::string> digests() const {
    std::set<std::string> found;
    std::istringstream reports(redis.call({"HVALS", "winnow:fleet:{shop}:members"}));
    for (std::string line; std::getline(reports, line);)
      found.insert(json::parse(line.substr(line.find('{')))["learned"].get<std::string>());
    return found;
  }
};

/// Replicas with a second version of the models.
struct versions_fixture : told_fixture {
  versions_fixture() {
    const auto two = models + "/versions/two";
    std::filesystem::create_directories(models + "/versions");
    std::filesystem::copy(bookshop_dir(), two, std::filesystem::copy_options::recursive);
    add_new_reader(two);
    std::ofstream(two + "/manifest.json") << R"({"files": {}})";
    for (const auto& one : all)
      BOOST_REQUIRE(wait_until([&] { return !one->admin_address().empty(); }));
  }

  http_client admin_of(std::size_t replica) const {
    const auto address = all[replica]->admin_address();
    return http_client(static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1))));
  }

  std::string ask(const std::string& method, const std::string& target, std::size_t replica) const {
    const auto answer = admin_of(replica).send(method, target, "", {{"Authorization", "Bearer hush"}});
    BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.body;
  }

  bool all_run(bool wanted) const {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto what = json::parse(ask("GET", "/experiments", i)).at("experiment");
      if (what.is_null() || what.at("runs") != wanted)
        return false;
    }
    return true;
  }

  /// The version of the models that answers a user.
  std::string version_of(const std::string& user, std::size_t replica) const {
    return json::parse(all[replica]->http().post("/recommend/" + user).body).value("model_version", "");
  }
};

struct learning_fixture : told_fixture {
  learning_fixture() : told_fixture(true) {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fleet_told, told_fixture)

BOOST_AUTO_TEST_CASE(an_item_that_is_hidden_at_one_replica_is_hidden_at_all) {
  const auto put = all[0]->http().put("/items/" + book(), R"({"hidden":true})");
  BOOST_REQUIRE_MESSAGE(put.status == 200, put.body);
  BOOST_TEST(wait_until([&] { return all_hide(); }));
  all[2]->signal(SIGKILL); // it is away, and comes back without a file
  all[2]->wait();
  all[2] = begin_replica();
  all[2]->wait_until_ready();
  BOOST_TEST(wait_until([&] { return all_hide(); }));
  BOOST_TEST(all[2]->http().erase("/items/" + book()).status == 200u);
  BOOST_TEST(wait_until(
      [&] { return std::none_of(all.begin(), all.end(), [](const auto& one) { return is_hidden(*one); }); }));
}

BOOST_AUTO_TEST_CASE(a_store_that_lost_its_data_is_told_again) {
  BOOST_TEST(all[0]->http().put("/items/" + book(), R"({"hidden":true})").status == 200u);
  BOOST_TEST(wait_until([&] { return all_hide(); }));
  redis.call({"FLUSHALL"});
  // The value, and what the items file said when it came.
  BOOST_TEST(wait_until([&] { return redis.call({"HLEN", "winnow:fleet:{shop}:values"}) == "2"; }));
  BOOST_TEST(all_hide());
}

BOOST_FIXTURE_TEST_CASE(all_replicas_learn_the_same_and_forget_the_same, learning_fixture) {
  write(200);
  BOOST_REQUIRE(wait_until([&] { return lists() == 200 && nothing_waits(); }, patience));
  write(200, 5); // other histories
  const auto agree = [&] { return digests().size() == 1 && !digests().begin()->empty(); };
  const auto know = [&](double users) {
    return std::all_of(all.begin(), all.end(),
                       [users](const auto& one) { return one->metric("winnow_learner_users") == users; });
  };
  for (auto& one : all)
    BOOST_TEST(wait_until([&] { return one->metric("winnow_learner_users") >= 200; }, patience));
  BOOST_TEST(wait_until(agree, patience));
  const auto users = all[0]->metric("winnow_learner_users");
  const auto answer = all[1]->http().erase("/users/reader%207");
  BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
  BOOST_TEST(answer.body.find("replica") == std::string::npos, answer.body);
  BOOST_TEST(wait_until([&] { return know(users - 1); }));
  BOOST_TEST(wait_until(agree));
}

BOOST_FIXTURE_TEST_CASE(an_experiment_that_is_started_at_one_replica_runs_on_all, versions_fixture) {
  ask("POST", "/experiments/layout?versions=flat=50,two=50&force=true", 0);
  BOOST_TEST(wait_until([&] { return all_run(true); }, patience));
  write(20);
  std::set<std::string> versions;
  for (std::size_t i = 0; i < 20; ++i) {
    const auto user = "reader%20" + std::to_string(i);
    BOOST_TEST(wait_until([&] {
      const auto version = version_of(user, 0);
      versions.insert(version);
      return !version.empty() && version == version_of(user, 1) && version == version_of(user, 2);
    }));
  }
  versions.erase("");
  BOOST_TEST(versions.size() == 2u);
  all[2]->signal(SIGKILL);
  all[2]->wait();
  all[2] = begin_replica();
  all[2]->wait_until_ready();
  BOOST_TEST(wait_until([&] { return all_run(true); }, patience));
  ask("DELETE", "/experiments", 1);
  BOOST_TEST(wait_until([&] { return all_run(false); }, patience));
}

BOOST_AUTO_TEST_CASE(different_rules_are_seen) {
  BOOST_TEST(all[0]->metric("winnow_fleet_rules") == 1);
  const auto file = directory.path() + "/rules.json";
  std::ofstream(file) << R"({"pin": {")" << book() << R"(": 1}})";
  all[1]->signal(SIGKILL);
  all[1]->wait();
  all[1] = begin_replica({"--rules", file});
  all[1]->wait_until_ready();
  BOOST_TEST(wait_until([&] { return all[0]->metric("winnow_fleet_rules") == 2; }));
}

BOOST_AUTO_TEST_SUITE_END()
