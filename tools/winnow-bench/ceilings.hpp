#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

namespace winnow::bench {

/// Adds the section `ceilings`: the least that a request costs besides the models.
/// - HTTP: `GET /livez` over 64 connections.
/// - Redis: reading a profile and writing a list, 16 users per round trip.
/// Costs are processor seconds of all processes that take part, including the load generator. Measures
/// nothing if the report already has the section.
result<void> measure_ceilings(const bench_options& options, const deployment& data, bench_report& report);

} // namespace winnow::bench
