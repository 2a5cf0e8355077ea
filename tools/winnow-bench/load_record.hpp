#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/load_generator.hpp"
#include "tools/winnow-bench/served_program.hpp"

namespace winnow::bench {

/// The results of the repetitions of one load on one server.
class load_record {
public:
  /// Runs the load against the server once. @return Errors of `run_load`; `internal` if answers were wrong or
  /// connections lost.
  result<load_outcome> repeat(served_program& server, load_plan plan, const std::vector<std::string>& users);

  /// Adds all columns of a closed loop.
  void add_closed(report_row& row) const;
  /// Adds all columns of an open loop, including refused and late requests.
  void add_open(report_row& row) const;

private:
  void add_latencies(report_row& row) const;
  void add_costs(report_row& row) const;

  samples rate_, p50_, p95_, p99_, p999_;
  samples refused_rate_, refused_p99_, late_rate_, late_p99_, unanswered_, degraded_;
  samples server_cost_, redis_cost_, load_cost_; ///< Processor seconds per 1,000 served requests.
  samples others_;
};

} // namespace winnow::bench
