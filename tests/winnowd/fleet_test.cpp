// Three daemons that share one Redis.

#include "daemon_process.hpp"
#include "support/child_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

using namespace winnow::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t replicas = 3;
constexpr auto patience = 60s;

struct fleet_fixture {
  fleet_fixture() {
    fs::copy(bookshop_dir(), models, fs::copy_options::recursive);
    for (std::size_t i = 0; i < replicas; ++i)
      all.push_back(begin_replica());
    for (auto& one : all)
      one->wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return leader() < replicas; }));
    for (auto& one : all)
      BOOST_REQUIRE(wait_until([&] { return one->metric("winnow_fleet_replicas") == replicas; }));
  }

  std::unique_ptr<daemon_process> begin_replica() {
    return std::make_unique<daemon_process>(
        flags_for(redis, {"--model-dir", models, "--fleet", "shop", "--fleet-claim-after", "500ms",
                          "--learn-state", directory.path() + "/learned" + std::to_string(all.size()),
                          "--command-timeout", "1s", "--admin", "127.0.0.1:0", "--admin-token", "hush"}));
  }

  /// The replica that leads; `replicas` if none does.
  std::size_t leader() const {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i] && all[i]->metric("winnow_fleet_leader") == 1 &&
          all[i]->metric("winnow_poller_tracking") == 1)
        return i;
    return replicas;
  }

  std::size_t follower() const { return leader() == 0 ? 1 : 0; }

  double sum(const std::string& metric) const {
    double all_of_them = 0;
    for (const auto& one : all)
      if (one)
        all_of_them += one->metric(metric);
    return all_of_them;
  }

  void write(std::size_t count, std::size_t first_book = 0, const std::string& prefix = "reader") const {
    strings command{"MSET"};
    for (std::size_t i = 0; i < count; ++i) {
      command.push_back("user_profile:" + prefix + " " + std::to_string(i));
      command.push_back(books(3 + i % 20, first_book + i));
    }
    redis.call(command);
  }

  std::size_t lists() const {
    return std::stoul(redis.call({"EVAL", "return #redis.call('KEYS', 'recommendations:*')", "0"}));
  }

  bool nothing_waits() const {
    return redis.call({"SCARD", "winnow:fleet:{shop}:waiting"}) == "0" &&
           redis.call({"XPENDING", "winnow:fleet:{shop}:changes", "winnow"}).substr(0, 1) == "0";
  }

  /// Has a daemon outside the fleet look at every list: it computes those that are missing or old.
  double lists_that_are_due() const {
    daemon_process judge(flags_for(redis, {"--model-dir", models}));
    judge.wait_until_ready();
    const auto looked_at = [&] {
      return judge.metric("winnow_poller_profiles_changed_total") +
             judge.metric("winnow_poller_profiles_unchanged_total");
    };
    const auto profiles =
        std::stod(redis.call({"EVAL", "return #redis.call('KEYS', 'user_profile:*')", "0"}));
    BOOST_CHECK(wait_until([&] { return looked_at() >= profiles; }, patience));
    return judge.metric("winnow_poller_profiles_changed_total");
  }

  void change_models() const {
    std::ifstream in(models + "/lightgcn/user_embeddings.csv");
    std::string header, row;
    std::getline(in, header);
    std::getline(in, row);
    std::ofstream(models + "/lightgcn/user_embeddings.csv", std::ios::app)
        << "a new reader" << row.substr(row.find(',')) << "\n";
  }

  temp_dir directory;
  std::string models = directory.path() + "/models";
  redis_server redis;
  std::vector<std::unique_ptr<daemon_process>> all;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fleet, fleet_fixture)

BOOST_AUTO_TEST_CASE(each_change_is_computed_once_by_one_of_the_replicas) {
  write(1000);
  BOOST_TEST(wait_until([&] { return lists() == 1000 && nothing_waits(); }, patience));
  BOOST_TEST(sum("winnow_poller_profiles_changed_total") == 1000);
  BOOST_TEST(sum("winnow_fleet_computed_twice_total") == 0);
  BOOST_TEST(sum("winnow_fleet_leader") == 1);
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_a_replica_is_killed_with_work_in_hand) {
  for (const bool kills_leader : {false, true}) {
    const auto prefix = kills_leader ? "later" : "reader";
    const auto before = lists();
    const auto victim = kills_leader ? leader() : follower();
    const auto had = all[victim]->metric("winnow_fleet_taken_total");
    write(4000, 7, prefix);
    wait_until([&] { return all[victim]->metric("winnow_fleet_taken_total") > had; });
    all[victim]->signal(SIGKILL);
    all[victim]->wait();
    all[victim].reset();
    BOOST_TEST(wait_until([&] { return lists() == before + 4000 && nothing_waits(); }, patience));
    all[victim] = begin_replica();
    all[victim]->wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return leader() < replicas; }));
  }
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(a_leader_that_was_stopped_does_not_lead_when_it_wakes) {
  const auto old = leader();
  all[old]->signal(SIGSTOP);
  const auto asleep = std::move(all[old]);
  BOOST_REQUIRE(wait_until([&] { return leader() < replicas; }));
  write(500, 3);
  BOOST_TEST(wait_until([&] { return lists() == 500; }, patience));
  asleep->signal(SIGCONT);
  write(500, 11);
  BOOST_TEST(wait_until([&] { return asleep->metric("winnow_fleet_leader") == 0; }));
  BOOST_TEST(wait_until([&] { return nothing_waits(); }, patience));
  BOOST_TEST(sum("winnow_fleet_leader") == 1);
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(new_models_roll_through_the_fleet) {
  write(300);
  BOOST_REQUIRE(wait_until([&] { return lists() == 300 && nothing_waits(); }, patience));
  change_models();
  for (std::size_t i = 0; i < replicas; ++i) {
    all[i]->signal(SIGHUP);
    const auto outdated = static_cast<double>(replicas - 1 - i);
    BOOST_TEST(wait_until([&] { return sum("winnow_fleet_outdated") == outdated; }));
    BOOST_TEST(wait_until([&] { return sum("winnow_fleet_leader") == 1; }));
    // While it is outdated, its lists do not replace those of the newer models.
    BOOST_TEST(all.back()->http().post("/recommend/reader%201").status == 200u);
  }
  BOOST_TEST(wait_until([&] { return all[0]->metric("winnow_fleet_versions") == 1; }));
  BOOST_TEST(wait_until([&] { return sum("winnow_poller_profiles_changed_total") >= 600 && nothing_waits(); },
                        patience));
  BOOST_TEST(lists_that_are_due() == 0);
}

BOOST_AUTO_TEST_CASE(operators_see_all_replicas) {
  const auto url = all[0]->output().substr(all[0]->output().find("admin on http://") + 16);
  const auto ask = [&](strings words) {
    words.insert(words.begin(), {required_variable("WINNOW_BIN_DIR") + "/winnowctl", "--admin",
                                 url.substr(0, url.find('\n')), "--token", "hush"});
    const auto file = directory.path() + "/answer";
    winnow::test::child_process asked(words, file);
    BOOST_TEST(asked.wait().value_or(-1) == 0);
    return written_so_far(file);
  };
  const auto table = ask({"fleet"});
  BOOST_TEST(table.find("fleet shop: models ") == 0u);
  BOOST_TEST(table.find("leader") != std::string::npos);
  nlohmann::json fleet;
  BOOST_TEST(wait_until([&] {
    fleet = nlohmann::json::parse(ask({"--json", "fleet"}));
    const auto& listed = fleet["replicas"];
    return listed.size() == replicas && std::all_of(listed.begin(), listed.end(), [](const auto& one) {
             return !one["admin"].template get<std::string>().empty();
           });
  }));
  const auto statuses = nlohmann::json::parse(ask({"--all", "status", "--json"}));
  BOOST_TEST(statuses.size() == replicas);
  for (const auto& one : statuses)
    BOOST_TEST(one["status"]["fleet"]["replica"] == one["id"]);
  BOOST_TEST(ask({"--all", "status"}).find("fleet_member") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_fleet_needs_a_store_that_others_reach) {
  daemon_process alone({"--store", "memory:", "--fleet", "shop", "--model-dir", models});
  BOOST_TEST(alone.wait().value_or(0) == 78);
  BOOST_TEST(alone.errors().find("a store that other replicas reach") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
