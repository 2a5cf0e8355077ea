#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

namespace winnow::bench {

/// Adds the section `ceilings`: what a request costs beside the models at the very least. Over HTTP: a
/// request that asks for nothing, 64 connections; in Redis: reading a profile and writing a list, 16 users a
/// round trip. Processor seconds of all who take part, the load itself included. A report that has the
/// section already keeps it: nothing is measured twice.
result<void> measure_ceilings(const bench_options& options, const deployment& data, bench_report& report);

} // namespace winnow::bench
