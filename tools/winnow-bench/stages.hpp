#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/bench_options.hpp"
#include "tools/winnow-bench/bench_report.hpp"

#include <vector>

namespace winnow::bench {

/// Adds rows to the section `stages`: the time of a request in each stage, in batches of these sizes.
result<void> measure_stages(const bench_options& options, const std::vector<std::size_t>& sizes,
                            bench_report& report);

} // namespace winnow::bench
