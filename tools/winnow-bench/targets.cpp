#include "tools/winnow-bench/targets.hpp"

#include "tools/winnow-bench/comparison.hpp"
#include "tools/winnow-bench/report_figures.hpp"

#include <utility>

namespace winnow::bench {

namespace {

/// The ratio of the medians, for values that were not measured in the same repetitions.
samples ratio_of_medians(const samples& one, const samples& other) {
  return one.empty() || other.empty() ? samples() : samples{{one.median() / other.median()}};
}

/// A target: the required bound, the bound to aim at, and the measurement. The bounds are upper bounds unless
/// the aim is greater than the required bound.
struct target {
  std::string what;
  double least, aim;
  samples reached;

  bool bounds_from_above() const { return aim <= least; }
  std::string verdict() const {
    if (reached.empty())
      return "not measured";
    const double value = reached.median();
    const bool at_most = bounds_from_above();
    const auto holds = [&](double bound) { return at_most ? value <= bound : value >= bound; };
    return holds(aim) ? "aim reached" : holds(least) ? "reached" : "missed";
  }
};

samples latency_over_best_peer(const bench_report& report, std::size_t items) {
  samples best;
  for (const auto& name : peers_for_latency) {
    auto peer = closed(report, name, items, 1, "p50 ms");
    if (!peer.empty() && (best.empty() || peer.median() < best.median()))
      best = std::move(peer);
  }
  return ratios(closed(report, whole_winnowd, items, 1, "p50 ms"), best);
}

samples rate_over_peer(const bench_report& report, std::size_t items) {
  return ratios(closed(report, whole_winnowd, items, 64, "served/s"),
                closed(report, peer_for_throughput, items, 64, "served/s"));
}

samples memory(const bench_report& report, std::size_t items, const std::string& server) {
  return measured(report, "resources", {{"items", std::to_string(items)}, {"server", server}},
                  "shared counted once MB");
}

samples start(const bench_report& report, std::size_t items, const char* source) {
  return measured(report, "start", {{"items", std::to_string(items)}, {"models from", source}},
                  "start to ready s");
}

/// The p99 of served requests at twice the peak load, over that at 80 % of it. Both are open loops, timed
/// from when requests are due. The closed loop at the peak is not comparable: its clients wait for their
/// answers, so its requests never arrive in bursts.
samples latency_at_overload(const bench_report& report) {
  return ratios(measured(report, "open", {{"load", "200 % of peak"}}, "p99 ms"),
                measured(report, "open", {{"load", "80.0 % of peak"}}, "p99 ms"));
}

std::vector<target> all_targets(const bench_report& report, std::size_t items) {
  const auto peak = measured(report, "open", {{"load", "peak, closed loop"}}, "served/s");
  const auto overload = measured(report, "open", {{"load", "200 % of peak"}}, "served/s");
  const auto million = std::size_t{1'000'000};
  const auto of = [&](std::size_t size) { return ", " + std::to_string(size) + " items"; };
  return {
      {"64 connections: requests/s over the peer's" + of(items), 3, 4, rate_over_peer(report, items)},
      {"… its p99 over the peer's", 1.0 / 3, 1.0 / 5,
       ratios(closed(report, whole_winnowd, items, 64, "p99 ms"),
              closed(report, peer_for_throughput, items, 64, "p99 ms"))},
      {"one connection: p50 over the peer's best", 1.0 / 4, 1.0 / 6, latency_over_best_peer(report, items)},
      {"64 connections: requests/s over the peer's" + of(10'000), 3, 4, rate_over_peer(report, 10'000)},
      {"64 connections: requests/s over the peer's" + of(100'000), 3, 4, rate_over_peer(report, 100'000)},
      {"poller: profiles/s over the peer's requests/s at 64", 3.5, 5,
       ratio_of_medians(poller_rate(report, items, "2"),
                        closed(report, peer_for_throughput, items, 64, "served/s"))},
      {"DIN + RankNet, batches of 16: time over the floor", 2, 1.3, ranking_over_floor(report, "16")},
      {"DIN + RankNet, batches of 64: time over the floor", 2, 1.3, ranking_over_floor(report, "64")},
      {"64 connections: share of the floor (models + HTTP + Redis)", 0.5, 0.7, share_of_floor(report, items)},
      {"two stage workers over one, poller", 1.7, 1.9,
       ratios(poller_rate(report, items, "2"), poller_rate(report, items, "1"))},
      {"open loop at twice saturation: served rate over the peak", 0.95, 0.99, ratios(overload, peak)},
      {"… p99 of served requests over that at 80 % of the peak", 1.2, 1, latency_at_overload(report)},
      {"… time to a 503: p99, ms", 5, 5,
       measured(report, "open", {{"load", "200 % of peak"}}, "refused p99 ms")},
      {"… one second later at half the peak: p99 over that before", 2, 1.2,
       ratios(measured(report, "open", {{"load", "1 s after 200 %"}}, "p99 ms"),
              measured(report, "open", {{"load", "50.0 % of peak"}}, "p99 ms"))},
      {"memory over the peer's (two workers)", 0.5, 0.3,
       ratios(memory(report, items, whole_winnowd), memory(report, items, peer_for_throughput))},
      {"start to ready, s, from CSV", 1.5, 0.8, start(report, items, "CSV")},
      {"start to ready, s, from the cache", 0.4, 0.2, start(report, items, "cache")},
      {"16 connections: requests/s over plain Python's" + of(million), 30, 60,
       ratios(closed(report, whole_winnowd, million, 16, "served/s"),
              closed(report, "python", million, 16, "served/s"))},
  };
}

} // namespace

void judge(bench_report& report, std::size_t items) {
  const auto targets = all_targets(report, items);
  auto& section = report.section("targets", "Targets");
  for (const auto& each : targets) {
    const std::string bound = each.bounds_from_above() ? "<= " : ">= ";
    report_row row;
    row.text("what", each.what).text("at least", bound + number_text(each.least));
    row.text("aim", bound + number_text(each.aim));
    row.measured("measured", each.reached).text("verdict", each.verdict());
    section.rows.push_back(std::move(row));
  }
}

} // namespace winnow::bench
