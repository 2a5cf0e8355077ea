#pragma once

#include "tools/winnow-bench/command.hpp"

#include <string>

namespace winnow::bench {

/// Lets three replicas compute a storm of changes and answer requests while they are killed, stopped, cut
/// off, added, removed and given other models, and while Redis hangs, restarts and fails over. After each
/// failure a daemon outside of the fleet looks for lists that are missing, old or of other models.
/// @param only Failures whose names contain this text; empty: all.
result<void> fleet_chaos(const bench_options& options, const std::string& only, bench_report& report);

} // namespace winnow::bench
