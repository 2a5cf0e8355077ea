#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

namespace winnow::bench {

/// Adds to the section `start` the time from the start of winnowd to ready, with an empty Redis: from CSV
/// files, and from the cache that an earlier start filled.
result<void> measure_starts(const bench_options& options, const deployment& data, bench_report& report);

} // namespace winnow::bench
