#pragma once

#include "tools/winnow-bench/command.hpp"

namespace winnow::bench {

/// Lets three replicas compute a storm of changes while they are killed, stopped, added and removed, and
/// while Redis hangs. After each failure a daemon outside of the fleet looks for lists that are missing or
/// old.
result<void> fleet_chaos(const bench_options& options, bench_report& report);

} // namespace winnow::bench
