#pragma once

#include "tools/winnow-bench/bench_report.hpp"

namespace winnow::bench {

/// Adds the section `targets`: what is asked of Winnow, as ratios within this run, against what the other
/// sections measured. What they did not measure stays empty.
/// @param items Of the deployment that most targets are about.
void judge(bench_report& report, std::size_t items);

} // namespace winnow::bench
