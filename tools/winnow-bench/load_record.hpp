#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/load_generator.hpp"
#include "tools/winnow-bench/served_program.hpp"

namespace winnow::bench {

/// What the repetitions of one load on one server gave.
class load_record {
public:
  /// Puts the load on the server once. @return What `run_load` says; `internal` where answers were wrong.
  result<load_outcome> repeat(served_program& server, load_plan plan, const std::vector<std::string>& users);

  /// All columns of a closed loop, or of an open one with what was refused as well.
  void add_closed(report_row& row) const;
  void add_open(report_row& row) const;

private:
  void add_latencies(report_row& row) const;
  void add_costs(report_row& row) const;

  samples rate_, p50_, p95_, p99_, p999_;
  samples refused_rate_, refused_p99_, late_rate_, late_p99_, unanswered_, degraded_;
  samples server_cost_, redis_cost_, load_cost_; ///< Processor seconds of 1,000 served requests.
  samples others_;
};

} // namespace winnow::bench
