#include "actors/tracing/trace_summary.hpp"

#include <algorithm>

namespace winnow {

namespace {

using time_point = request_trace::time_point;

void add(interval_sum& to, time_point begin, time_point end) {
  to.begin = std::min(to.begin, begin);
  to.end = std::max(to.end, end);
  to.total += end - begin;
  to.longest = std::max<std::chrono::nanoseconds>(to.longest, end - begin);
}

void add(std::optional<interval_sum>& to, time_point begin, time_point end) {
  if (!to)
    to = interval_sum{begin, end};
  add(*to, begin, end);
}

void add(step_summary& to, const trace_step& step, time_point trace_end) {
  const auto end = step.end.value_or(std::max(trace_end, step.begin));
  ++to.count;
  add(to.whole, step.begin, end);
  if (step.what == trace_step::kind::stage || step.what == trace_step::kind::store)
    add(to.queue, step.begin, step.taken.value_or(end));
  if (step.what == trace_step::kind::stage && step.taken)
    add(to.compute, *step.taken, step.done.value_or(std::max(end, *step.taken)));
  to.batch = std::max(to.batch, step.batch);
  if (step.end && !step.failure)
    return;
  if (to.failures++ == 0)
    to.failure = step.failure ? to_string(*step.failure) : "no answer";
}

} // namespace

std::vector<step_summary> summary_of(const request_trace& trace) {
  const auto trace_end = trace.ended_at().value_or(trace.begun());
  std::vector<step_summary> sums;
  for (const auto& step : trace.steps()) {
    auto sum = std::find_if(sums.begin(), sums.end(), [&](const auto& one) { return one.name == step.name; });
    if (sum == sums.end()) {
      sum = sums.insert(sums.end(), step_summary());
      sum->name = step.name;
      sum->what = step.what;
      sum->whole.begin = sum->whole.end = step.begin;
    }
    add(*sum, step, trace_end);
  }
  return sums;
}

} // namespace winnow
