#include "tools/winnow-bench/load_record.hpp"

#include <algorithm>

namespace winnow::bench {

result<load_outcome> load_record::repeat(served_program& server, load_plan plan,
                                         const std::vector<std::string>& users) {
  plan.port = server.port();
  plan.seed += rate_.values.size(); // different users each time
  const foreign_use others;
  const double server_before = server.processor_seconds(), redis_before = server.redis_processor_seconds();
  auto outcome = run_load(plan, users);
  if (!outcome)
    return outcome;
  if (outcome->wrong + outcome->broken > 0)
    return fail(fault::internal, server.name() + ": " + std::to_string(outcome->wrong) + " wrong answers, " +
                                     std::to_string(outcome->broken) +
                                     " lost connections; first: " + outcome->complaint);
  const auto thousands = static_cast<double>(outcome->served.count()) / 1000;
  const auto percentile = [&](double percent) {
    return milliseconds_of(outcome->served.percentile(percent));
  };
  rate_.add(outcome->served_rate());
  p50_.add(percentile(50));
  p95_.add(percentile(95));
  p99_.add(percentile(99));
  p999_.add(percentile(99.9));
  refused_rate_.add(static_cast<double>(outcome->refused.count()) / outcome->seconds);
  refused_p99_.add(milliseconds_of(outcome->refused.percentile(99)));
  late_rate_.add(static_cast<double>(outcome->late.count()) / outcome->seconds);
  late_p99_.add(milliseconds_of(outcome->late.percentile(99)));
  unanswered_.add(static_cast<double>(outcome->unanswered));
  degraded_.add(100.0 * static_cast<double>(outcome->degraded) /
                static_cast<double>(std::max<std::uint64_t>(outcome->served.count(), 1)));
  server_cost_.add((server.processor_seconds() - server_before) / thousands);
  redis_cost_.add((server.redis_processor_seconds() - redis_before) / thousands);
  load_cost_.add(outcome->generator_seconds / thousands);
  others_.add(others.cores());
  return outcome;
}

void load_record::add_latencies(report_row& row) const {
  row.measured("served/s", rate_).measured("p50 ms", p50_).measured("p95 ms", p95_);
  row.measured("p99 ms", p99_).measured("p99.9 ms", p999_);
}

void load_record::add_costs(report_row& row) const {
  row.measured("server s/1000", server_cost_).measured("redis s/1000", redis_cost_);
  row.measured("load s/1000", load_cost_).measured("degraded %", degraded_).measured("others cores", others_);
}

void load_record::add_closed(report_row& row) const {
  add_latencies(row);
  add_costs(row);
}

void load_record::add_open(report_row& row) const {
  add_latencies(row);
  row.measured("refused/s", refused_rate_).measured("refused p99 ms", refused_p99_);
  row.measured("late/s", late_rate_).measured("late p99 ms", late_p99_).measured("unanswered", unanswered_);
  add_costs(row);
}

} // namespace winnow::bench
