#include "redis/cluster/key_slot.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/fleet_run.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/redis_loader.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <chrono>
#include <map>
#include <thread>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::minutes patience{10};

struct fleet_case {
  const char* name;
  std::size_t replicas;
  std::size_t workers; ///< Of each replica.
  bool fleet;
  store_form form;
};

constexpr fleet_case cases[] = {
    {"alone, two workers", 1, 2, false, store_form::redis},
    {"fleet of one, two workers", 1, 2, true, store_form::redis},
    {"fleet of two, one worker each", 2, 1, true, store_form::redis},
    {"alone, two workers, TLS", 1, 2, false, store_form::tls},
    {"alone, two workers, cluster of 3", 1, 2, false, store_form::cluster},
    {"fleet of two, one worker each, cluster of 3", 2, 1, true, store_form::cluster},
};

struct figures {
  samples rate, server_cost, redis_cost, twice;
};

/// The master of a key in a new cluster of three, which gives each as many slots in a row.
std::size_t master_of(const std::string& key) {
  const auto slot = slot_of(key);
  return slot <= 5460 ? 0 : slot <= 10922 ? 1 : 2;
}

/// Stores all profiles, each at its master.
result<void> store_profiles(store_setup& store, const deployment& data) {
  const auto masters = store.masters();
  for (std::size_t i = 0; i < masters.size(); ++i) {
    deployment own;
    for (std::size_t at = 0; at < data.users.size(); ++at)
      if (masters.size() == 1 || master_of("user_profile:" + data.users[at]) == i) {
        own.users.push_back(data.users[at]);
        own.profiles.push_back(data.profiles[at]);
      }
    auto redis = redis_loader::connect(masters[i]->port());
    if (!redis)
      return tl::unexpected(redis.error());
    if (auto stored = redis->store_profiles(own.users, own.profiles); !stored)
      return stored;
  }
  return {};
}

/// Waits until the lists of all users are computed.
result<void> wait_for_lists(const fleet_run& run, std::size_t users) {
  const auto deadline = clock::now() + patience;
  while (run.sum("winnow_poller_profiles_changed_total") < static_cast<double>(users)) {
    if (clock::now() > deadline)
      return fail(fault::timeout, "not all lists were computed");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

result<void> measure(const deployment& data, const fleet_case& which, figures& into) {
  auto run = fleet_run::prepare(data, {which.form, false, 0});
  if (!run)
    return tl::unexpected(run.error());
  for (std::size_t i = 0; i < which.replicas; ++i)
    if (auto added = run->add(which.workers, which.fleet); !added)
      return tl::unexpected(added.error());
  if (auto whole = run->assemble(which.fleet); !whole)
    return whole;
  const auto users = static_cast<double>(data.users.size());
  const double server_before = run->processor_seconds();
  const auto begin = clock::now();
  if (auto stored = store_profiles(run->store(), data); !stored)
    return stored;
  const double redis_before = run->redis_processor_seconds(); // after the writes, which are not the daemons'
  const double computed_before = run->sum("winnow_poller_profiles_changed_total");
  if (auto done = wait_for_lists(*run, data.users.size()); !done)
    return done;
  const double seconds = std::chrono::duration<double>(clock::now() - begin).count();
  into.rate.add(users / seconds);
  into.server_cost.add((run->processor_seconds() - server_before) / users * 1000);
  into.redis_cost.add((run->redis_processor_seconds() - redis_before) / (users - computed_before) * 1000);
  into.twice.add(run->sum("winnow_fleet_computed_twice_total") / users * 100);
  print_progress(std::string(which.name) + ": " + number_text(users / seconds) + " lists/s");
  return {};
}

result<void> run_fleet(const bench_options& options, bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  std::map<const char*, figures> measured;
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition)
    for (const auto& which : cases)
      if (auto done = measure(*data, which, measured[which.name]); !done)
        return done;
  auto& section =
      report.section("fleet", "Lists computed by replicas that share the changes, all profiles at once");
  for (const auto& which : cases) {
    const auto& one = measured.at(which.name);
    section.rows.emplace_back()
        .text("case", which.name)
        .measured("lists/s", one.rate)
        .measured("server s/1000", one.server_cost)
        .measured("redis s/1000", one.redis_cost)
        .measured("computed twice %", one.twice);
  }
  section.note = "TLS and a cluster without replicas share the two processors with the daemons. Redis' time "
                 "is counted from the last write of a profile on, for the lists that were still "
                 "to be computed then.";
  return {};
}

} // namespace

bench_action declare_fleet(CLI::App&) {
  return run_fleet;
}

} // namespace winnow::bench
