#include "tools/winnow-bench/ceilings.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/open_loop.hpp"
#include "tools/winnow-bench/poller_run.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/scale_run.hpp"
#include "tools/winnow-bench/start_run.hpp"
#include "tools/winnow-bench/targets.hpp"

#include <string_view>

namespace winnow::bench {

namespace {

/// Another command as if it had been called without options of its own.
result<void> run_command(std::string_view name, const bench_options& options, bench_report& report) {
  for (const auto& command : bench_commands())
    if (name == command.name) {
      tell(std::string(name));
      CLI::App nobody;
      return command.declare(nobody)(options, report);
    }
  return {};
}

/// The deployment that most targets are about: everything over HTTP, then the poller.
result<void> measure_main_size(const bench_options& options, const peer_options& peer, bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  if (auto done = measure_ceilings(options, *data, report); !done)
    return done;
  if (auto done = measure_starts(options, *data, report); !done)
    return done;
  {
    closed_loop closed(options, *data);
    if (auto done = compare(closed, *data, peer, {}); !done)
      return done;
    closed.report(report);
    open_loop open(options, *data);
    if (auto done = open.run(closed.server(0), closed.find(whole_winnowd, 64)->rate().median()); !done)
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

/// Minutes, rounded up: loads as long as they are set, and what starting and computing takes beside.
int minutes_for(const bench_options& options, std::size_t sizes) {
  const double loads_of_main_size = 8 + 4, loads_of_a_size = 3;
  const double under_load =
      options.seconds * (loads_of_main_size + loads_of_a_size * static_cast<double>(sizes));
  const double poller = 3 * 15;
  const double seconds =
      static_cast<double>(options.repetitions) * (under_load + poller) + 60 * static_cast<double>(sizes + 2);
  return static_cast<int>(seconds / 60) + 1;
}

result<void> everything(const bench_options& options, const scale_options& scale, const peer_options& peer,
                        bench_report& report) {
  report.section("targets", "Targets"); // comes first, is filled in last
  tell("takes about " + std::to_string(minutes_for(options, scale.sizes.size())) + " minutes");
  for (const char* const name : {"limits", "stages"})
    if (auto done = run_command(name, options, report); !done)
      return done;
  if (auto done = measure_main_size(options, peer, report); !done)
    return done;
  for (const auto items : scale.sizes)
    if (items != options.items && !(options.quick && items >= many_items))
      if (auto done = compare_at(options, items, peer, report); !done)
        return done;
  if (auto done = options.quick ? result<void>() : run_command("ann", options, report); !done)
    return done;
  judge(report, options.items);
  return {};
}

} // namespace

bench_action declare_all(CLI::App& app) {
  const auto peer = std::make_shared<peer_options>();
  const auto scale = std::make_shared<scale_options>();
  declare_peer(app, *peer);
  declare_sizes(app, *scale);
  return [peer, scale](const bench_options& options, bench_report& report) {
    return everything(options, *scale, *peer, report);
  };
}

} // namespace winnow::bench
