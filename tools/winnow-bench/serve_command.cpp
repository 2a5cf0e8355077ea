#include "tools/winnow-bench/ceilings.hpp"
#include "tools/winnow-bench/closed_loop.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/open_loop.hpp"
#include "tools/winnow-bench/poller_run.hpp"
#include "tools/winnow-bench/start_run.hpp"

#include <algorithm>

namespace winnow::bench {

namespace {

result<void> serve(const bench_options& options, const std::vector<std::size_t>& connections,
                   bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  if (auto done = measure_ceilings(options, *data, report); !done)
    return done;
  if (auto done = measure_starts(options, *data, report); !done)
    return done;
  {
    closed_loop closed(options, *data);
    if (auto added = closed.add(winnowd_recipe(*data), connections); !added)
      return added;
    if (auto done = closed.run(); !done)
      return done;
    closed.report(report);
    const auto most = *std::max_element(connections.begin(), connections.end());
    open_loop open(options, *data);
    if (auto done = open.run(closed.server(0), closed.find("winnowd", most)->rate().median()); !done)
      return done;
    open.report(report);
  }
  poller_run poller(options, *data);
  if (auto done = poller.run(
          {{poller_run::start::changes, 1}, {poller_run::start::changes, 2}, {poller_run::start::full, 2}});
      !done)
    return done;
  poller.report(report);
  return {};
}

} // namespace

bench_action declare_serve(CLI::App& app) {
  const auto connections = std::make_shared<std::vector<std::size_t>>(std::vector<std::size_t>{1, 16, 64});
  app.add_option("--connections", *connections, "Of the closed loop")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  return [connections](const bench_options& options, bench_report& report) {
    return serve(options, *connections, report);
  };
}

} // namespace winnow::bench
