#include "tools/winnow-bench/chaos_run.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/fleet_chaos.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <memory>
#include <string>

namespace winnow::bench {

namespace {

// Enough users for varied requests, few enough that all have lists within moments.
constexpr std::size_t users_in_redis = 5000;

std::vector<mishap> mishaps(chaos_run& run, const std::vector<std::string>& actors) {
  std::vector<mishap> all{{"no failure", {}}};
  for (const auto& actor : actors)
    all.push_back({"kill " + actor, [&run, actor] { return run.kill(actor); }});
  for (const std::string stage : {"candidate_generator", "din_ranker", "ranknet_ranker"}) {
    mishap hanging{"hang all of " + stage, [&run, stage] { return run.hang(stage); }};
    hanging.watched = 8;
    all.push_back(std::move(hanging));
  }
  mishap frozen{"Redis stops for 5 s", [&run] {
                  run.redis().freeze();
                  return result<void>();
                }};
  frozen.lasts = 5;
  frozen.relieve = [&run] {
    run.redis().thaw();
    return result<void>();
  };
  all.push_back(std::move(frozen));
  mishap flood{"twice the peak for 30 s", {}};
  flood.share = 2;
  flood.lasts = 28;
  flood.watched = 0;
  flood.relieve = [] { return result<void>(); };
  all.push_back(std::move(flood));
  mishap calm{"1 s after that", {}};
  all.push_back(std::move(calm));
  return all;
}

result<void> chaos(const bench_options& options, bench_report& report) {
  auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  data->keep_users(users_in_redis);
  auto run = chaos_run::begin(options, *data);
  if (!run)
    return tl::unexpected(run.error());
  const auto actors = run->actors();
  if (!actors)
    return tl::unexpected(actors.error());
  auto& section = report.section("chaos", "Failures at half of the peak load");
  for (const auto& what : mishaps(*run, *actors)) {
    if (auto done = run->endure(what, section); !done)
      return done;
    if (auto cleared = run->clear_faults(); !cleared)
      return cleared;
  }
  section.note =
      "An open loop at a constant rate: half of the peak of " + number_text(run->peak()) +
      " requests/s, unless the row says otherwise. Latencies, also those of refusals, count from when a "
      "request was due. Lost: no answer, or a broken connection.";
  return {};
}

} // namespace

bench_action declare_chaos(CLI::App& app) {
  const auto of_fleet = std::make_shared<bool>(false);
  const auto only = std::make_shared<std::string>();
  auto* const fleet = app.add_flag(
      "--fleet", *of_fleet,
      "Three replicas under a storm of changes and requests, instead of one daemon under requests");
  app.add_option("--only", *only, "Only the failures whose names contain this text, e.g. leader")
      ->needs(fleet);
  return [of_fleet, only](const bench_options& options, bench_report& report) {
    return *of_fleet ? fleet_chaos(options, *only, report) : chaos(options, report);
  };
}

} // namespace winnow::bench
