#include "tools/winnow-bench/closed_loop.hpp"

#include "tools/winnow-bench/progress.hpp"

#include <algorithm>
#include <set>

namespace winnow::bench {

result<void> closed_loop::add(program_recipe recipe, std::vector<std::size_t> connections) {
  print_progress("starting " + recipe.name + " on " + std::to_string(options_.items) + " items");
  auto program = served_program::run(std::move(recipe), data_);
  if (!program)
    return tl::unexpected(program.error());
  load_plan warm_up;
  warm_up.port = program->port();
  warm_up.connections = *std::max_element(connections.begin(), connections.end());
  warm_up.seconds = std::min(options_.seconds, 2.0);
  if (auto warm = run_load(warm_up, data_.users); !warm)
    return tl::unexpected(warm.error());
  servers_.push_back({std::move(*program), std::move(connections), {}});
  return {};
}

result<void> closed_loop::run() {
  std::set<std::size_t> all;
  for (const auto& each : servers_)
    all.insert(each.connections.begin(), each.connections.end());
  for (std::size_t repetition = 0; repetition < options_.repetitions; ++repetition)
    for (const auto connections : all)
      for (auto& each : servers_) {
        if (std::count(each.connections.begin(), each.connections.end(), connections) == 0)
          continue;
        load_plan plan;
        plan.connections = connections;
        plan.seconds = options_.seconds;
        auto done = records_[{each.program.name(), connections}].repeat(each.program, plan, data_.users);
        if (!done)
          return tl::unexpected(done.error());
        print_progress(each.program.name() + ", " + std::to_string(connections) +
                       " connections: " + number_text(done->served_rate()) + " requests/s");
      }
  for (auto& each : servers_)
    each.memory = each.program.memory();
  return {};
}

void closed_loop::report(bench_report& into) const {
  auto& loads = into.section("closed", "POST /recommend, closed loop");
  auto& resources = into.section("resources", "Memory after the load, and one start");
  const auto items = static_cast<double>(options_.items);
  for (const auto& each : servers_) {
    for (const auto connections : each.connections) {
      report_row row;
      row.number("items", items).text("server", each.program.name());
      row.number("connections", static_cast<double>(connections));
      records_.at({each.program.name(), connections}).add_closed(row);
      loads.rows.push_back(std::move(row));
    }
    report_row row;
    row.number("items", items).text("server", each.program.name());
    row.measured("start to ready s", {{each.program.start_seconds()}});
    row.measured("resident MB", {{each.memory.resident_mb}});
    row.measured("shared counted once MB", {{each.memory.proportional_mb}});
    resources.rows.push_back(std::move(row));
  }
}

} // namespace winnow::bench
