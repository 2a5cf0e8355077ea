#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/bench_options.hpp"
#include "tools/winnow-bench/bench_report.hpp"

#include <functional>
#include <vector>

namespace winnow::bench {

/// Measures something and adds sections to the report.
using bench_action = std::function<result<void>(const bench_options&, bench_report&)>;

/// A command of winnow-bench. `declare` adds the command's own options; the returned action owns their
/// values.
struct bench_command {
  const char* name;
  const char* help;
  bench_action (*declare)(CLI::App&);
};

/// All commands in the order of the help text. To add one, add a line to commands.cpp.
const std::vector<bench_command>& bench_commands();

bench_action declare_data(CLI::App& app);
bench_action declare_serve(CLI::App& app);
bench_action declare_peer_command(CLI::App& app);
bench_action declare_scale(CLI::App& app);
bench_action declare_limits(CLI::App& app);
bench_action declare_stages(CLI::App& app);
bench_action declare_ann(CLI::App& app);
bench_action declare_transitions(CLI::App& app);
bench_action declare_learn(CLI::App& app);
bench_action declare_kafka(CLI::App& app);
bench_action declare_batch(CLI::App& app);
bench_action declare_chaos(CLI::App& app);
bench_action declare_fleet(CLI::App& app);
bench_action declare_history(CLI::App& app);
bench_action declare_tables(CLI::App& app);
bench_action declare_precision(CLI::App& app);
bench_action declare_size(CLI::App& app);
bench_action declare_traces(CLI::App& app);
bench_action declare_train(CLI::App& app);
bench_action declare_all(CLI::App& app);

} // namespace winnow::bench
