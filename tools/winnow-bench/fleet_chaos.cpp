#include "tools/winnow-bench/fleet_chaos.hpp"

#include "redis/keys.hpp"
#include "tools/support/wait_until.hpp"
#include "tools/winnow-bench/fleet_run.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/redis_loader.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t users_in_redis = 5000;
constexpr std::size_t replicas = 3;
constexpr std::chrono::minutes patience{3};

struct fleet_mishap {
  const char* name;
  std::function<result<void>()> strike;
  std::chrono::seconds lasts{0};
  std::function<result<void>()> relieve = [] { return result<void>(); };
};

double seconds_of(clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

/// Changes profiles, 250 every 100 ms, until it is destroyed.
class storm {
public:
  storm(std::uint16_t port, const deployment& data) : thread_([this, port, &data] { run(port, data); }) {}
  ~storm() { end(); }
  storm(const storm&) = delete;
  storm& operator=(const storm&) = delete;

  void end() {
    over_ = true;
    if (thread_.joinable())
      thread_.join();
  }

private:
  void run(std::uint16_t port, const deployment& data) {
    constexpr std::size_t burst = 250;
    auto redis = redis_loader::connect(port);
    for (std::size_t at = 0, shift = 1; !over_; at += burst) {
      if (at >= data.users.size()) {
        at = 0;
        ++shift;
      }
      std::vector<std::string> users, profiles;
      for (std::size_t i = at; i < std::min(at + burst, data.users.size()); ++i) {
        users.push_back(data.users[i]);
        profiles.push_back(data.profiles[(i + shift) % data.profiles.size()]);
      }
      if (!redis || !redis->store_profiles(users, profiles))
        redis = redis_loader::connect(port); // it is away
      std::this_thread::sleep_for(100ms);
    }
  }

  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Changes one profile again and again, and measures the time until its list follows.
class probe {
public:
  probe(const redis_server& redis, const deployment& data)
      : thread_([this, &redis, &data] { run(redis, data); }) {}
  ~probe() { end(); }
  probe(const probe&) = delete;
  probe& operator=(const probe&) = delete;

  /// @return The longest time, in seconds.
  double end() {
    over_ = true;
    if (thread_.joinable())
      thread_.join();
    return longest_;
  }

private:
  static std::string ask(const redis_server& redis, const std::vector<std::string>& words) {
    try {
      return redis.call(words);
    } catch (const std::exception&) {
      return "away";
    }
  }

  void run(const redis_server& redis, const deployment& data) {
    const std::vector<std::string> record{"HGET", list_records_key("probe"), "probe"};
    for (std::size_t i = 0; !over_; ++i) {
      const auto before = ask(redis, record);
      const auto begin = clock::now();
      ask(redis, {"SET", "user_profile:probe", data.profiles[i % data.profiles.size()]});
      wait_until(
          [&] {
            std::this_thread::sleep_for(3ms);
            return ask(redis, record) != before;
          },
          60s);
      longest_ = std::max(longest_, seconds_of(clock::now() - begin));
      std::this_thread::sleep_for(20ms);
    }
  }

  std::atomic<bool> over_{false};
  double longest_ = 0;
  std::thread thread_;
};

bool has_settled(const redis_server& redis) {
  const std::string fleet = "winnow:fleet:{bench}:";
  try {
    return redis.call({"SCARD", fleet + "waiting"}) == "0" &&
           redis.call({"XPENDING", fleet + "changes", "winnow"}).substr(0, 1) == "0";
  } catch (const std::exception&) {
    return false;
  }
}

/// Returns how many lists a daemon that is alone finds missing or old.
result<double> wrong_lists(fleet_run& run, std::size_t users) {
  const auto judge = run.add(2, false);
  if (!judge)
    return tl::unexpected(judge.error());
  const auto looked_at = [&] {
    return run.value(*judge, "winnow_poller_profiles_changed_total") +
           run.value(*judge, "winnow_poller_profiles_unchanged_total");
  };
  if (!wait_until([&] { return looked_at() >= static_cast<double>(users); }, patience))
    return fail(fault::timeout, "not all lists were checked");
  const auto wrong = run.value(*judge, "winnow_poller_profiles_changed_total");
  run.drop(*judge);
  return wrong;
}

result<void> endure(fleet_run& run, const deployment& data, const fleet_mishap& what, report_section& into) {
  const double computed_before = run.sum("winnow_poller_profiles_changed_total");
  const double twice_before = run.sum("winnow_fleet_computed_twice_total");
  storm changes(run.redis().port(), data);
  probe longest(run.redis(), data);
  std::this_thread::sleep_for(2s);
  if (auto struck = what.strike(); !struck)
    return struck;
  std::this_thread::sleep_for(what.lasts);
  if (auto relieved = what.relieve(); !relieved)
    return relieved;
  std::this_thread::sleep_for(6s);
  const double slowest = longest.end();
  changes.end();
  const auto ended = clock::now();
  if (!wait_until([&] { return has_settled(run.redis()); }, patience))
    return fail(fault::timeout, std::string(what.name) + ": changes wait for ever");
  const double settled = seconds_of(clock::now() - ended);
  const double computed = run.sum("winnow_poller_profiles_changed_total") - computed_before;
  const double twice = run.sum("winnow_fleet_computed_twice_total") - twice_before;
  const auto wrong = wrong_lists(run, data.users.size() + 1);
  if (!wrong)
    return tl::unexpected(wrong.error());
  into.rows.emplace_back()
      .text("what", what.name)
      .number("lists", std::max(computed, 0.0)) // those of a replica that was killed are not known
      .number("missing or old", *wrong)
      .number("computed twice %", computed > 0 ? std::max(twice, 0.0) / computed * 100 : 0)
      .number("longest s", slowest)
      .number("idle after s", settled);
  print_progress(what.name);
  return run.assemble(true);
}

std::vector<fleet_mishap> mishaps(fleet_run& run) {
  const auto begin_another = [&run] { return run.add(1, true).map([](std::size_t) {}); };
  const auto follower = [&run] {
    const auto leads = run.leader();
    for (std::size_t i = 0; i < run.size(); ++i)
      if (i != leads && run.is_awake(i))
        return i;
    return run.size();
  };
  const auto send = [&run](std::size_t which, int signal) -> result<void> {
    if (which >= run.size())
      return fail(fault::internal, "there is no such replica");
    run.signal(which, signal);
    return {};
  };
  const auto stopped = std::make_shared<std::size_t>(0);
  return {
      {"no failure", [] { return result<void>(); }},
      {"kill -9 of a follower", [=] { return send(follower(), SIGKILL); }, 5s, begin_another},
      {"kill -9 of the leader", [=, &run] { return send(run.leader(), SIGKILL); }, 5s, begin_another},
      {"the leader is stopped for 30 s",
       [=, &run] {
         *stopped = run.leader();
         return send(*stopped, SIGSTOP);
       },
       30s, [=] { return send(*stopped, SIGCONT); }},
      {"Redis hangs for 5 s",
       [&run] {
         run.redis().freeze();
         return result<void>();
       },
       5s,
       [&run] {
         run.redis().thaw();
         return result<void>();
       }},
      {"a replica is added", begin_another},
      {"a replica is removed",
       [=, &run]() -> result<void> {
         run.drop(follower());
         return {};
       }},
  };
}

} // namespace

result<void> fleet_chaos(const bench_options& options, bench_report& report) {
  auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  data->keep_users(users_in_redis);
  auto run = fleet_run::prepare(*data);
  if (!run)
    return tl::unexpected(run.error());
  for (std::size_t i = 0; i < replicas; ++i)
    if (auto added = run->add(1, true); !added)
      return tl::unexpected(added.error());
  if (auto whole = run->assemble(true); !whole)
    return whole;
  auto& section =
      report.section("fleet_chaos", "Failures of a fleet of three replicas under 2,500 changes/s");
  for (const auto& what : mishaps(*run))
    if (auto done = endure(*run, *data, what, section); !done)
      return done;
  section.note =
      "Missing or old: lists that a daemon outside of the fleet had to compute afterwards. Longest: from a "
      "change of one profile to its list, the whole time. A replica that was killed is replaced after 5 s.";
  return {};
}

} // namespace winnow::bench
