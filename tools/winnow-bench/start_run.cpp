#include "tools/winnow-bench/start_run.hpp"

#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/served_program.hpp"

namespace winnow::bench {

result<void> measure_starts(const bench_options& options, const deployment& data, bench_report& report) {
  samples seconds, resident;
  auto server = served_program::prepare(winnowd_recipe(data), data, false);
  if (!server)
    return tl::unexpected(server.error());
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition) {
    if (auto started = server->start(); !started)
      return started;
    seconds.add(server->start_seconds());
    resident.add(server->memory().resident_mb);
    server->stop();
  }
  tell("start to ready: " + samples_text(seconds) + " s");
  report_row row;
  row.number("items", static_cast<double>(options.items)).text("models from", "CSV");
  row.measured("start to ready s", std::move(seconds)).measured("resident MB", std::move(resident));
  report.section("start", "Start of the daemon").rows.push_back(std::move(row));
  return {};
}

} // namespace winnow::bench
