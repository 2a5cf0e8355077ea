#pragma once

#include "tools/winnow-bench/comparison.hpp"

namespace winnow::bench {

/// Everything about one deployment: what requests cost beside the models, starts, closed and open loops over
/// HTTP, lists out of Redis.
/// @param peer Null: winnowd alone.
result<void> measure_serving(const bench_options& options, const peer_options* peer,
                             const comparison_plan& plan, bench_report& report);

} // namespace winnow::bench
