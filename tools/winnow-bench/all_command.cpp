#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/scale_run.hpp"
#include "tools/winnow-bench/serving.hpp"
#include "tools/winnow-bench/targets.hpp"

#include <string_view>

namespace winnow::bench {

namespace {

/// Runs another command with the defaults of its own options.
result<void> run_command(std::string_view name, const bench_options& options, bench_report& report) {
  for (const auto& command : bench_commands())
    if (name == command.name) {
      print_progress(std::string(name));
      CLI::App unparsed;
      return command.declare(unparsed)(options, report);
    }
  return {};
}

/// Estimates the minutes of a run, rounded up: the time under load plus starts and computations.
int minutes_for(const bench_options& options, std::size_t sizes) {
  const double loads_of_main_size = 8 + 5, loads_of_a_size = 3;
  const double under_load =
      options.seconds * (loads_of_main_size + loads_of_a_size * static_cast<double>(sizes));
  const double poller = 3 * 15;
  const double seconds =
      static_cast<double>(options.repetitions) * (under_load + poller) + 60 * static_cast<double>(sizes + 2);
  return static_cast<int>(seconds / 60) + 1;
}

result<void> everything(const bench_options& options, const scale_options& scale, const peer_options& peer,
                        bench_report& report) {
  report.section("targets", "Targets"); // printed first, filled in last
  print_progress("takes about " + std::to_string(minutes_for(options, scale.sizes.size())) + " minutes");
  for (const char* const name : {"limits", "stages"})
    if (auto done = run_command(name, options, report); !done)
      return done;
  if (auto done = measure_serving(options, &peer, {}, report); !done)
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
