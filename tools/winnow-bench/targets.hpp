#pragma once

#include "tools/winnow-bench/bench_report.hpp"

namespace winnow::bench {

/// Adds the section `targets`: compares the other sections' measurements with Winnow's performance targets,
/// mostly as ratios within this run. Targets without a measurement stay empty.
/// @param items The catalogue size that most targets refer to.
void judge(bench_report& report, std::size_t items);

} // namespace winnow::bench
