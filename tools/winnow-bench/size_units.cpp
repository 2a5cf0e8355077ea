#include "tools/winnow-bench/size_units.hpp"

#include "models/recall/index_effort.hpp"
#include "tools/winnow-bench/fleet_run.hpp"
#include "tools/winnow-bench/load_generator.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/redis_loader.hpp"
#include "tools/winnow-bench/served_program.hpp"
#include "tools/winnow-bench/synthetic_catalogue.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <thread>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
constexpr double micro = 1e6;
constexpr const char* commands = "total_commands_processed";

result<void> measure_requests(const bench_options& options, const deployment& data, measured_costs& into) {
  auto server = served_program::run(winnowd_recipe(data), data);
  if (!server)
    return tl::unexpected(server.error());
  auto redis = redis_loader::connect(server->redis_port());
  if (!redis)
    return tl::unexpected(redis.error());
  load_plan plan;
  plan.port = server->port();
  plan.connections = 16;
  plan.seconds = std::min(options.seconds, 1.0);
  if (auto warm = run_load(plan, data.users); !warm)
    return tl::unexpected(warm.error());
  plan.seconds = options.seconds;
  plan.seed = 2;
  const auto commands_before = redis->info(commands);
  if (!commands_before)
    return tl::unexpected(commands_before.error());
  const double before = server->processor_seconds(), redis_before = server->redis_processor_seconds();
  const auto load = run_load(plan, data.users);
  if (!load)
    return tl::unexpected(load.error());
  const auto requests = static_cast<double>(load->served.count());
  if (requests == 0 || load->wrong > 0 || load->broken > 0)
    return fail(fault::internal, "requests failed: " + load->complaint);
  into.request_us = (server->processor_seconds() - before) / requests * micro;
  into.request_redis_us = (server->redis_processor_seconds() - redis_before) / requests * micro;
  into.request_commands = (redis->info(commands).value_or(0) - *commands_before) / requests;
  into.own_mb = server->memory().anonymous_mb;
  return {};
}

result<void> wait_for_lists(const fleet_run& run, double users) {
  const auto deadline = clock::now() + std::chrono::minutes(10);
  while (run.sum("winnow_poller_profiles_changed_total") < users) {
    if (clock::now() > deadline)
      return fail(fault::timeout, "not all lists were computed");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

result<void> measure_changes(const deployment& data, measured_costs& into) {
  auto run = fleet_run::prepare(data);
  if (!run)
    return tl::unexpected(run.error());
  if (auto added = run->add(1, true); !added)
    return tl::unexpected(added.error());
  if (auto whole = run->assemble(true); !whole)
    return whole;
  auto redis = redis_loader::connect(run->redis().port());
  if (!redis)
    return tl::unexpected(redis.error());
  const auto users = static_cast<double>(data.users.size());
  const auto memory_before = redis->info("used_memory"), commands_before = redis->info(commands);
  if (!memory_before || !commands_before)
    return tl::unexpected((memory_before ? commands_before : memory_before).error());
  const double before = run->processor_seconds(), redis_before = run->redis_processor_seconds();
  if (auto stored = redis->store_profiles(data.users, data.profiles); !stored)
    return stored;
  const double redis_stored = run->redis_processor_seconds();
  const double left = users - run->sum("winnow_poller_profiles_changed_total");
  if (auto done = wait_for_lists(*run, users); !done)
    return done;
  // The profiles' own writes are not the fleet's, unless all lists were computed while they were written.
  const double redis_end = run->redis_processor_seconds();
  const bool overtaken = left < users / 4;
  into.change_us = (run->processor_seconds() - before) / users * micro;
  into.change_redis_us =
      (overtaken ? (redis_end - redis_before) / users : (redis_end - redis_stored) / left) * micro;
  into.change_commands = (redis->info(commands).value_or(0) - *commands_before) / users - 1;
  into.redis_bytes_a_user = (redis->info("used_memory").value_or(0) - *memory_before) / users;
  return {};
}

/// The time of a search for one of the users, in microseconds of the processor, and, with an index, none if
/// no effort is good enough.
struct search_costs {
  double exact_us = 0, index_us = 0;
};

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

result<search_costs> measure_search(std::size_t items, bool with_index, std::uint64_t seed) {
  constexpr std::size_t users = 256, wanted = 100, at_once = 16;
  print_progress("searching among " + std::to_string(items) + " items");
  random_source random(seed);
  auto catalogue = invent_catalogue(items, embedding_width, random);
  const auto embeddings = invent_users(users, catalogue, random).embeddings;
  const embedding_table table(
      std::make_shared<const feature_table>(feature_table{embedding_width, std::move(catalogue.embeddings)}));
  std::vector<retrieval_query> queries;
  for (std::size_t user = 0; user < users; ++user)
    queries.push_back({{embeddings.data() + user * embedding_width, embedding_width}, {}, wanted});
  const gsl::span<const retrieval_query> all(queries);
  const auto time = [&](const auto& search) {
    const double begin = thread_seconds();
    for (std::size_t first = 0; first < users; first += at_once)
      search(all.subspan(first, at_once));
    return (thread_seconds() - begin) / static_cast<double>(users) * micro;
  };
  search_costs costs;
  retrieval_scratch exact;
  costs.exact_us = time([&](auto batch) { retrieve(table, batch, exact); });
  if (!with_index)
    return costs;
  const std::atomic<bool> go_on{false};
  const auto clusters = cluster_rows(*table.table(), cluster_count_for(items), go_on);
  const auto index = approximate_index::build(table, *clusters, go_on);
  const auto effort = choose_effort(*index, table, embeddings, wanted, go_on);
  if (!effort)
    return tl::unexpected(effort.error());
  index_scratch work;
  costs.index_us = time([&](auto batch) { index->search(table, batch, effort->deviations, work); });
  return costs;
}

} // namespace

result<measured_costs> measure_deployment(const bench_options& options) {
  print_progress("measuring " + std::to_string(options.items) + " items and " +
                 std::to_string(options.users) + " users");
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  measured_costs costs;
  if (auto done = measure_requests(options, *data, costs); !done)
    return tl::unexpected(done.error());
  if (auto done = measure_changes(*data, costs); !done)
    return tl::unexpected(done.error());
  return costs;
}

result<unit_costs> measure_units(const bench_options& options) {
  constexpr std::size_t base_items = 30'000, base_users = 20'000, fewer = 100'000, more = 400'000;
  auto base = options;
  base.items = base_items;
  base.users = base_users;
  const auto seen = measure_deployment(base);
  if (!seen)
    return tl::unexpected(seen.error());
  const auto exact = measure_search(base_items, false, options.seed);
  const auto small = measure_search(fewer, true, options.seed);
  const auto large = measure_search(more, true, options.seed);
  for (const auto* one : {&exact, &small, &large})
    if (!*one)
      return tl::unexpected(one->error());
  unit_costs units;
  units.base_items = base_items;
  units.request_us = seen->request_us;
  units.request_redis_us = seen->request_redis_us;
  units.request_commands = seen->request_commands;
  units.change_us = seen->change_us;
  units.change_redis_us = seen->change_redis_us;
  units.change_commands = seen->change_commands;
  units.exact_ns_per_item = exact->exact_us * 1000 / base_items;
  units.search_width = embedding_width;
  units.index_items = more;
  units.index_us = large->index_us;
  constexpr double least = 0.3, most = 1; // a disturbance must not turn the extrapolation around
  units.index_exponent =
      std::clamp(std::log(large->index_us / small->index_us) / std::log(double{more} / fewer), least, most);
  shop_size of_base;
  of_base.items = base_items;
  of_base.width = embedding_width;
  units.base_mb = std::max(seen->own_mb - own_bytes(of_base) / (1 << 20), 1.0);
  units.redis_bytes_a_user = seen->redis_bytes_a_user;
  return units;
}

} // namespace winnow::bench
