#include "tools/winnow-bench/comparison.hpp"

#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/python_peer.hpp"

#include <algorithm>

namespace winnow::bench {

namespace {

result<void> add_peers(closed_loop& closed, const deployment& data, const peer_options& peer,
                       const comparison_plan& plan) {
  if (!python_peer_runs(peer.dir)) {
    print_progress("no working Python service in " + peer.dir.string() + ": measuring winnowd alone");
    return {};
  }
  if (plan.plain_only)
    return closed.add(python_recipe(python_form::plain, peer.dir, data), plan.connections);
  if (auto added = closed.add(python_recipe(python_form::batch2, peer.dir, data), plan.connections); !added)
    return added;
  if (std::count(plan.connections.begin(), plan.connections.end(), std::size_t{1}) == 0)
    return {};
  if (auto added = closed.add(python_recipe(python_form::batch, peer.dir, data), {1}); !added)
    return added;
  return closed.add(python_recipe(python_form::plain, peer.dir, data), {1});
}

} // namespace

void declare_peer(CLI::App& app, peer_options& options) {
  app.add_option(
         "--peer", options.dir,
         "Directory of the Python service (peer_service.py); if it is missing, winnowd is measured alone")
      ->type_name("DIR")
      ->capture_default_str();
}

result<void> compare(closed_loop& closed, const deployment& data, const peer_options* peer,
                     const comparison_plan& plan) {
  if (auto added = closed.add(winnowd_recipe(data), plan.connections); !added)
    return added;
  if (plan.one_worker_too) {
    auto recipe = winnowd_recipe(data, {"--stage-workers", "1"});
    recipe.name = one_worker;
    const auto most = *std::max_element(plan.connections.begin(), plan.connections.end());
    if (auto added = closed.add(std::move(recipe), {most}); !added)
      return added;
  }
  if (auto added = peer ? add_peers(closed, data, *peer, plan) : result<void>(); !added)
    return added;
  return closed.run();
}

void report_ratios(const std::string& before, const std::string& after, bench_report& report) {
  auto& section = report.section("comparison", after + " over " + before);
  const auto* loads = report.find("closed");
  for (const auto& row : loads->rows)
    for (const auto& other : loads->rows)
      if (row.text_of("server") == before && other.text_of("server") == after &&
          row.text_of("connections") == other.text_of("connections")) {
        report_row ratio;
        ratio.number("connections", row.number_of("connections"));
        for (const char* const column : {"served/s", "p50 ms", "p99 ms", "server s/1000"})
          ratio.measured(column, ratios(*other.find(column), *row.find(column)));
        section.rows.push_back(std::move(ratio));
      }
  section.note = "Each repetition measures both in turns; the ratios are of the same repetition.";
}

} // namespace winnow::bench
