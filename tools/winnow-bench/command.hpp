#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/bench_options.hpp"
#include "tools/winnow-bench/bench_report.hpp"

#include <functional>
#include <vector>

namespace winnow::bench {

/// What a command does: it measures and adds sections to the report.
using bench_action = std::function<result<void>(const bench_options&, bench_report&)>;

/// A command of winnow-bench. `declare` adds the options of its own, which the action then holds.
struct bench_command {
  const char* name;
  const char* help;
  bench_action (*declare)(CLI::App&);
};

/// All commands, in the order in which the help shows them. A new one is a line in commands.cpp.
const std::vector<bench_command>& bench_commands();

bench_action declare_data(CLI::App& app);
bench_action declare_serve(CLI::App& app);
bench_action declare_peer_command(CLI::App& app);
bench_action declare_scale(CLI::App& app);
bench_action declare_limits(CLI::App& app);
bench_action declare_stages(CLI::App& app);
bench_action declare_ann(CLI::App& app);
bench_action declare_chaos(CLI::App& app);
bench_action declare_all(CLI::App& app);

} // namespace winnow::bench
