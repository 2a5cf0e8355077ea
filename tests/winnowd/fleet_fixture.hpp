#pragma once

#include "changed_models.hpp"
#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow::test {

inline constexpr std::size_t replicas = 3;
inline constexpr std::chrono::seconds patience{60};

/// Three daemons that share one Redis.
struct fleet_fixture {
  /// @param learns Whether the models have transitions, without which nothing is learned.
  explicit fleet_fixture(bool learns = false) {
    std::filesystem::copy(bookshop_dir(), models, std::filesystem::copy_options::recursive);
    if (learns) {
      const auto two = nlohmann::json::parse(books(2));
      std::ofstream(models + "/transitions.csv")
          << "item_id,next_item_id,weight\n"
          << two[0].get<std::string>() << "," << two[1].get<std::string>() << ",1\n";
      std::ofstream(models + "/model.json") << R"({"transitions": {"candidates": 20, "gap_decay": 0.5}})";
    }
    for (std::size_t i = 0; i < replicas; ++i)
      all.push_back(begin_replica());
    for (auto& one : all)
      one->wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return leader() < replicas; }));
    for (auto& one : all)
      BOOST_REQUIRE(wait_until([&] { return one->metric("winnow_fleet_replicas") == replicas; }));
  }

  std::unique_ptr<daemon_process> begin_replica(const strings& further = {}) {
    const auto own = std::to_string(begun++);
    strings flags = flags_for(
        redis, {"--model-dir", models, "--fleet", "shop", "--fleet-claim-after", "500ms", "--learn-state",
                directory.path() + "/learned" + own, "--item-updates", directory.path() + "/items" + own,
                "--command-timeout", "1s", "--admin", "127.0.0.1:0", "--admin-token", "hush"});
    flags.insert(flags.end(), further.begin(), further.end());
    return std::make_unique<daemon_process>(flags);
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

  void change_models() const { add_new_reader(models); }

  temp_dir directory;
  std::string models = directory.path() + "/models";
  redis_server redis;
  std::size_t begun = 0;
  std::vector<std::unique_ptr<daemon_process>> all;
};

} // namespace winnow::test
