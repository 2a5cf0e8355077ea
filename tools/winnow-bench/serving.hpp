#pragma once

#include "tools/winnow-bench/comparison.hpp"

namespace winnow::bench {

/// Measures everything about one deployment: the cost of requests besides the models, starts, closed and open
/// loops over HTTP, and lists computed from Redis.
/// @param peer If null, only winnowd is measured.
result<void> measure_serving(const bench_options& options, const peer_options* peer,
                             const comparison_plan& plan, bench_report& report);

} // namespace winnow::bench
