#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

namespace winnow::bench {

/// Adds to the section `start`: from the start of winnowd to ready, Redis empty; from the CSV files,
/// and from what a start before has kept of them.
result<void> measure_starts(const bench_options& options, const deployment& data, bench_report& report);

} // namespace winnow::bench
