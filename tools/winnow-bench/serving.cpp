#include "tools/winnow-bench/serving.hpp"

#include "tools/winnow-bench/ceilings.hpp"
#include "tools/winnow-bench/open_loop.hpp"
#include "tools/winnow-bench/poller_run.hpp"
#include "tools/winnow-bench/start_run.hpp"

#include <algorithm>

namespace winnow::bench {

namespace {

result<void> measure_loops(const bench_options& options, const deployment& data, const peer_options* peer,
                           const comparison_plan& plan, bench_report& report) {
  closed_loop closed(options, data);
  if (auto done = compare(closed, data, peer, plan); !done)
    return done;
  closed.report(report);
  const auto most = *std::max_element(plan.connections.begin(), plan.connections.end());
  open_loop open(options, data);
  if (auto done = open.run(closed.server(0), most); !done)
    return done;
  open.report(report);
  return {};
}

result<void> measure_poller(const bench_options& options, const deployment& data, bench_report& report) {
  using start = poller_run::start;
  poller_run poller(options, data);
  if (auto done = poller.run({{start::changes, 1}, {start::changes, 2}, {start::full, 2}}); !done)
    return done;
  poller.report(report);
  return {};
}

} // namespace

result<void> measure_serving(const bench_options& options, const peer_options* peer,
                             const comparison_plan& plan, bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  if (auto done = measure_ceilings(options, *data, report); !done)
    return done;
  if (auto done = measure_starts(options, *data, report); !done)
    return done;
  if (auto done = measure_loops(options, *data, peer, plan, report); !done)
    return done;
  return measure_poller(options, *data, report);
}

} // namespace winnow::bench
