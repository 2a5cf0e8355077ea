#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/serving.hpp"

namespace winnow::bench {

bench_action declare_serve(CLI::App& app) {
  const auto plan = std::make_shared<comparison_plan>();
  app.add_option("--connections", plan->connections, "Numbers of connections of the closed loop")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  return [plan](const bench_options& options, bench_report& report) {
    return measure_serving(options, nullptr, *plan, report);
  };
}

} // namespace winnow::bench
