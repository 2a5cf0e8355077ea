#include "tools/winnow-bench/ceilings.hpp"

#include "tools/winnow-bench/load_generator.hpp"
#include "tools/winnow-bench/redis_loader.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <algorithm>
#include <chrono>
#include <unistd.h>

namespace winnow::bench {

namespace {

struct ceiling {
  samples rate, cost;
};

/// Processor seconds of this process and its children, the server and Redis.
double seconds_of_all() {
  return processor_seconds(getpid());
}

result<void> ask_for_nothing(const served_program& server, double seconds, ceiling& into) {
  load_plan plan;
  plan.port = server.port();
  plan.connections = 64;
  plan.seconds = seconds;
  plan.probe = "/livez";
  const double before = seconds_of_all();
  const auto outcome = run_load(plan, {});
  if (!outcome)
    return tl::unexpected(outcome.error());
  into.rate.add(outcome->served_rate());
  into.cost.add((seconds_of_all() - before) * 1000 / static_cast<double>(outcome->served.count()));
  return {};
}

result<void> exchange_with_redis(redis_loader& redis, const std::vector<std::string>& users, ceiling& into) {
  const double before = seconds_of_all();
  const auto begin = std::chrono::steady_clock::now();
  if (auto done = redis.exchange_lists(users); !done)
    return done;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  into.rate.add(static_cast<double>(users.size()) / took.count());
  into.cost.add((seconds_of_all() - before) * 1000 / static_cast<double>(users.size()));
  return {};
}

} // namespace

result<void> measure_ceilings(const bench_options& options, const deployment& data, bench_report& report) {
  if (report.find("ceilings"))
    return {};
  auto server = served_program::run(winnowd_recipe(data), data);
  if (!server)
    return tl::unexpected(server.error());
  auto redis = redis_loader::connect(server->redis_port());
  if (!redis)
    return tl::unexpected(redis.error());
  ceiling http, exchange;
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition) {
    if (auto done = ask_for_nothing(*server, std::min(options.seconds, 2.0), http); !done)
      return done;
    if (auto done = exchange_with_redis(*redis, data.users, exchange); !done)
      return done;
  }
  auto& section = report.section("ceilings", "The least cost of a request besides the models");
  for (const auto& [name, each] : {std::pair("HTTP", http), std::pair("Redis", exchange)}) {
    report_row row;
    row.text("what", name).measured("requests/s", each.rate).measured("all processors s/1000", each.cost);
    section.rows.push_back(std::move(row));
  }
  return {};
}

} // namespace winnow::bench
