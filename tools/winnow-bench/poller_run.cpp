#include "tools/winnow-bench/poller_run.hpp"

#include "redis/records/keys.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/redis_loader.hpp"

#include <chrono>
#include <thread>
#include <unordered_set>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::minutes patience{10};

const char* name_of(poller_run::start from) {
  return from == poller_run::start::changes ? "all profiles change" : "Redis full at start";
}

/// How many keys Redis has when each user has a list: profiles, lists, and the hashes with the lists' records
/// if the daemon keeps any. To be asked when most lists are there.
result<std::uint64_t> keys_with_lists(redis_loader& redis, const std::vector<std::string>& users) {
  constexpr std::size_t enough = 20; // one of their hashes is there by then
  std::unordered_set<std::string> hashes;
  bool any = false;
  for (std::size_t i = 0; i < users.size(); ++i) {
    const auto key = list_records_key(users[i]);
    if (i < enough && !any) {
      const auto found = redis.exists(key);
      if (!found)
        return tl::unexpected(found.error());
      any = *found;
    }
    hashes.insert(key);
  }
  return 2 * users.size() + (any ? hashes.size() : 0);
}

/// Waits until Redis has a list for each profile. @return `timeout` with the number of keys.
result<void> wait_for_lists(redis_loader& redis, const std::vector<std::string>& users) {
  const auto deadline = clock::now() + patience;
  std::uint64_t wanted = 2 * users.size();
  for (bool is_exact = false;;) {
    const auto keys = redis.key_count();
    if (!keys)
      return tl::unexpected(keys.error());
    if (*keys >= wanted && is_exact)
      return {};
    if (*keys >= wanted) {
      const auto exact = keys_with_lists(redis, users);
      if (!exact)
        return tl::unexpected(exact.error());
      wanted = *exact;
      is_exact = true;
      continue;
    }
    if (clock::now() > deadline)
      return fail(fault::timeout, std::to_string(*keys) + " of " + std::to_string(wanted) + " keys");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

} // namespace

result<void> poller_run::repeat(start from, std::size_t workers, record& into) const {
  auto program = served_program::prepare(winnowd_recipe(data_, {"--stage-workers", std::to_string(workers)}),
                                         data_, from == start::full);
  if (!program)
    return tl::unexpected(program.error());
  auto redis = redis_loader::connect(program->redis_port());
  if (!redis)
    return tl::unexpected(redis.error());
  const double redis_before = program->redis_processor_seconds();
  if (auto started = program->start(); !started)
    return started;
  const foreign_use others;
  const double server_before = program->processor_seconds();
  const auto begin = clock::now();
  if (from == start::changes)
    if (auto stored = redis->store_profiles(data_.users, data_.profiles); !stored)
      return stored;
  if (auto whole = wait_for_lists(*redis, data_.users); !whole)
    return whole;
  const double seconds = std::chrono::duration<double>(clock::now() - begin).count();
  const auto users = static_cast<double>(data_.users.size());
  into.rate.add(users / seconds);
  into.seconds.add(seconds);
  into.server_cost.add((program->processor_seconds() - server_before) / users * 1000);
  into.redis_cost.add((program->redis_processor_seconds() - redis_before) / users * 1000);
  into.resident_mb.add(program->memory().resident_mb);
  into.start_seconds.add(program->start_seconds());
  into.others.add(others.cores());
  print_progress(std::string(name_of(from)) + ", " + std::to_string(workers) +
                 " workers: " + number_text(users / seconds) + " profiles/s");
  return {};
}

result<void> poller_run::run(const std::vector<std::pair<start, std::size_t>>& cases_and_workers) {
  for (std::size_t repetition = 0; repetition < options_.repetitions; ++repetition)
    for (const auto& each : cases_and_workers)
      if (auto done = repeat(each.first, each.second, records_[each]); !done)
        return done;
  return {};
}

void poller_run::report(bench_report& into) const {
  auto& section = into.section("poller", "Lists computed from Redis, without requests");
  for (const auto& [which, measured] : records_) {
    report_row row;
    row.number("items", static_cast<double>(options_.items)).text("case", name_of(which.first));
    row.number("workers", static_cast<double>(which.second));
    row.measured("profiles/s", measured.rate).measured("seconds", measured.seconds);
    row.measured("server s/1000", measured.server_cost).measured("redis s/1000", measured.redis_cost);
    row.measured("resident MB", measured.resident_mb).measured("start to ready s", measured.start_seconds);
    row.measured("others cores", measured.others);
    section.rows.push_back(std::move(row));
  }
}

const samples* poller_run::rate(start from, std::size_t workers) const {
  const auto found = records_.find({from, workers});
  return found == records_.end() ? nullptr : &found->second.rate;
}

} // namespace winnow::bench
