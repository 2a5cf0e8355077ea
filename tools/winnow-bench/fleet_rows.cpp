#include "tools/winnow-bench/fleet_rows.hpp"

#include "redis/records/keys.hpp"
#include "redis/records/list_record.hpp"
#include "tools/support/wait_until.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <set>
#include <utility>

namespace winnow::bench {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::minutes patience{3};

result<void> fine() {
  return {};
}

/// A replica that does not lead; `size()` if there is none.
std::size_t follower_of(const fleet_run& run) {
  const auto leads = run.leader();
  for (std::size_t i = 0; i < run.size(); ++i)
    if (i != leads && run.is_awake(i))
      return i;
  return run.size();
}

result<void> to_existing(fleet_run& run, std::size_t which, const std::function<void(std::size_t)>& act) {
  if (which >= run.size())
    return fail(fault::internal, "there is no such replica");
  act(which);
  return {};
}

std::function<result<void>()> kill(fleet_run& run, bool leader) {
  return [&run, leader] {
    return to_existing(run, leader ? run.leader() : follower_of(run),
                       [&run](std::size_t which) { run.signal(which, SIGKILL); });
  };
}

std::function<result<void>()> another(fleet_run& run) {
  return [&run] { return run.add(1, true).map([](std::size_t) {}); };
}

fleet_mishap stop_leader(fleet_run& run) {
  const auto stopped = std::make_shared<std::size_t>(0);
  return {"the leader is stopped for 30 s",
          [&run, stopped] {
            *stopped = run.leader();
            return to_existing(run, *stopped, [&run](std::size_t which) { run.signal(which, SIGSTOP); });
          },
          30s,
          [&run, stopped] {
            run.signal(*stopped, SIGCONT);
            return fine();
          }};
}

fleet_mishap cut_off(fleet_run& run, bool leader) {
  const auto lonely = std::make_shared<std::size_t>(0);
  return {leader ? "the leader is cut off from Redis for 10 s" : "a follower is cut off from Redis for 10 s",
          [&run, lonely, leader] {
            *lonely = leader ? run.leader() : follower_of(run);
            return to_existing(run, *lonely, [&run](std::size_t which) { run.cut(which); });
          },
          10s,
          [&run, lonely] {
            run.mend(*lonely);
            return fine();
          }};
}

/// One replica after the other loads them, with two seconds of mixed versions in between.
result<void> roll_models(fleet_run& run) {
  if (auto changed = run.change_models(); !changed)
    return changed;
  std::size_t done = 0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (!run.is_awake(i))
      continue;
    const auto loaded = run.value(i, "winnow_model_reloads_total{outcome=\"taken\"}");
    run.signal(i, SIGHUP);
    if (!wait_until([&] { return run.value(i, "winnow_model_reloads_total{outcome=\"taken\"}") > loaded; },
                    patience))
      return fail(fault::timeout, "a replica does not load the new models");
    ++done;
    std::this_thread::sleep_for(2s);
  }
  return done > 0 ? fine() : fail(fault::internal, "there is no replica");
}

std::vector<fleet_mishap> on_one_server(fleet_run& run) {
  return {
      {"no failure", fine},
      {"kill -9 of a follower", kill(run, false), 5s, another(run)},
      {"kill -9 of the leader", kill(run, true), 5s, another(run)},
      stop_leader(run),
      {"Redis hangs for 5 s",
       [&run] {
         run.redis().freeze();
         return fine();
       },
       5s,
       [&run] {
         run.redis().thaw();
         return fine();
       },
       true},
      {"Redis is restarted, and away for 3 s",
       [&run] {
         run.redis().stop();
         return fine();
       },
       3s,
       [&run] {
         run.store().single().start();
         return fine();
       },
       true},
      {"new models, one replica after the other", [&run] { return roll_models(run); }, 3s},
      {"a replica is added", another(run)},
      {"a replica is removed",
       [&run] { return to_existing(run, follower_of(run), [&run](std::size_t which) { run.drop(which); }); }},
      {"the leader is removed, and one added",
       [&run] { return to_existing(run, run.leader(), [&run](std::size_t which) { run.drop(which); }); }, 0s,
       another(run)},
  };
}

std::vector<fleet_mishap> through_proxies(fleet_run& run) {
  return {cut_off(run, false), cut_off(run, true)};
}

std::vector<fleet_mishap> with_sentinels(fleet_run& run) {
  const auto old = std::make_shared<redis_server*>(nullptr);
  return {{"the master ends, and comes back after 10 s",
           [&run, old] {
             *old = &run.redis();
             (*old)->crash();
             return fine();
           },
           10s,
           [old] {
             (*old)->start();
             return fine();
           }}};
}

std::string basis_in(const std::string& record) {
  const auto parsed = parse_list_record(record);
  return parsed ? std::to_string(parsed->basis) : std::string();
}

} // namespace

std::vector<fleet_scene> fleet_scenes() {
  return {{{store_form::redis, true}, on_one_server},
          {{store_form::redis, false, 1, true}, through_proxies},
          {{store_form::sentinel}, with_sentinels}};
}

list_records read_records(fleet_run& run, const std::vector<std::string>& users) {
  list_records all;
  auto& redis = run.redis();
  for (const auto& user : users) {
    auto record = redis.call({"HGET", list_records_key(user), user});
    if (parse_list_record(record))
      all.emplace(user, std::move(record));
  }
  return all;
}

result<wrong_lists> find_wrong_lists(fleet_run& run, const std::vector<std::string>& users) {
  const auto before = read_records(run, users);
  const auto judge = run.add(2, false);
  if (!judge)
    return tl::unexpected(judge.error());
  const auto looked_at = [&] {
    return run.value(*judge, "winnow_poller_profiles_changed_total") +
           run.value(*judge, "winnow_poller_profiles_unchanged_total");
  };
  if (!wait_until([&] { return looked_at() >= static_cast<double>(users.size()); }, patience))
    return fail(fault::timeout, "not all lists were checked");
  const auto computed = static_cast<std::size_t>(run.value(*judge, "winnow_poller_profiles_changed_total"));
  run.drop(*judge);
  wrong_lists wrong;
  for (const auto& [user, record] : read_records(run, users)) {
    const auto found = before.find(user);
    const auto now = parse_list_record(record);
    wrong.lost += found == before.end() || parse_list_record(found->second)->profile != now->profile ? 1 : 0;
  }
  wrong.stale = std::max(computed, wrong.lost) - wrong.lost;
  return wrong;
}

version_watch::version_watch(fleet_run& run, std::vector<std::string> users)
    : thread_([this, &run, users = std::move(users)] { watch(run, users); }) {}

std::size_t version_watch::end() {
  over_ = true;
  if (thread_.joinable())
    thread_.join();
  return went_back_;
}

void version_watch::watch(fleet_run& run, const std::vector<std::string>& users) {
  std::set<std::string> at_first;
  for (const auto& [user, record] : read_records(run, users))
    at_first.insert(basis_in(record));
  std::set<std::string> renewed; // users
  while (!over_) {
    try {
      for (const auto& [user, record] : read_records(run, users))
        if (at_first.count(basis_in(record)) == 0)
          renewed.insert(user);
        else
          went_back_ += renewed.erase(user);
    } catch (const std::exception&) {
      std::this_thread::sleep_for(50ms); // the store is away
    }
    std::this_thread::sleep_for(10ms);
  }
}

} // namespace winnow::bench
