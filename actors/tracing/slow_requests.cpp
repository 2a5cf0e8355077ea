#include "actors/tracing/slow_requests.hpp"

#include "actors/json_time.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_lines = 50; // in a second

double milliseconds(std::chrono::nanoseconds duration) {
  constexpr double digits = 1000; // of a millisecond
  return std::round(std::chrono::duration<double, std::milli>(duration).count() * digits) / digits;
}

/// The times of a step, in milliseconds.
struct step_times {
  double whole = 0, queue = 0;
  std::optional<double> compute;
};

step_times times_of(const trace_step& step, request_trace::time_point trace_end) {
  const auto end = step.end.value_or(std::max(trace_end, step.begin));
  step_times times;
  times.whole = milliseconds(end - step.begin);
  if (step.what != trace_step::kind::work)
    times.queue = milliseconds(step.taken.value_or(end) - step.begin);
  if (step.what == trace_step::kind::stage && step.taken)
    times.compute = milliseconds(step.done.value_or(std::max(end, *step.taken)) - *step.taken);
  return times;
}

std::string short_text(double ms) {
  char text[32];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.1f", ms))};
}

/// E.g. `read profile 0.3, candidate_generator 41.2 (queue 39.9, batch 32), din_ranker 20.0 (queue 20.0,
/// timeout)`.
std::string text_of(const std::vector<trace_step>& steps, request_trace::time_point trace_end) {
  std::string text;
  for (const auto& step : steps) {
    const auto times = times_of(step, trace_end);
    text += (text.empty() ? "" : ", ") + std::string(step.name) + " " + short_text(times.whole);
    std::string more;
    if (step.what != trace_step::kind::work)
      more += "queue " + short_text(times.queue);
    if (step.batch > 0)
      more += ", batch " + std::to_string(step.batch);
    if (step.failure || !step.end)
      more += (more.empty() ? "" : ", ") + std::string(step.failure ? to_string(*step.failure) : "no answer");
    if (!more.empty())
      text += " (" + more + ")";
  }
  return text;
}

ordered_json json_of(const trace_step& step, request_trace::time_point trace_end) {
  const auto times = times_of(step, trace_end);
  ordered_json one{{"step", step.name}, {"duration_ms", times.whole}};
  if (step.what != trace_step::kind::work)
    one["queue_ms"] = times.queue;
  if (times.compute)
    one["compute_ms"] = *times.compute;
  if (step.batch > 0)
    one["batch"] = step.batch;
  if (step.failure || !step.end)
    one["failure"] = step.failure ? to_string(*step.failure) : "no answer";
  return one;
}

} // namespace

void slow_requests::add(const request_trace& trace, std::chrono::nanoseconds took) {
  const auto& root = trace.root();
  const auto steps = trace.steps();
  const auto end = trace.begun() + took;
  const auto duration_ms = milliseconds(took);
  const auto now = request_trace::clock::now();
  const std::string_view target = root.target.empty() ? "(the client left)" : std::string_view(root.target);
  auto listed = ordered_json::array();
  double queue_ms = 0, compute_ms = 0, store_ms = 0;
  for (const auto& step : steps) {
    listed.push_back(json_of(step, end));
    const auto times = times_of(step, end);
    if (step.what == trace_step::kind::store)
      store_ms += times.whole;
    else
      queue_ms += times.queue;
    compute_ms += times.compute.value_or(0);
  }
  const ordered_json described{
      {"time", unix_time(std::chrono::system_clock::now() -
                         std::chrono::duration_cast<std::chrono::microseconds>(now - trace.begun()))},
      {"method", root.method},
      {"target", target},
      {"status", root.status},
      {"duration_ms", duration_ms},
      {"request_id", root.request_id},
      {"trace_id", trace.trace()},
      {"degraded", root.degraded},
      {"steps", listed}};
  auto text = described.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  const std::lock_guard lock(mutex_);
  kept_.push_back(std::move(text));
  if (kept_.size() > most_kept)
    kept_.pop_front();
  if (!may_log(now))
    return;
  log_routine(log_level::warning, "http", "slow request",
              {{"method", root.method},
               {"target", target},
               {"status", root.status},
               {"duration_ms", duration_ms},
               {"queue_ms", queue_ms},
               {"compute_ms", compute_ms},
               {"store_ms", store_ms},
               {"steps", text_of(steps, end)},
               {"degraded", root.degraded.empty() ? "" : ordered_json(root.degraded).dump()},
               {"request_id", root.request_id},
               {"trace_id", trace.trace()},
               {"omitted", std::exchange(omitted_, 0)}});
}

/// Requires the lock.
bool slow_requests::may_log(request_trace::time_point now) {
  if (now - second_begins_ >= std::chrono::seconds(1)) {
    second_begins_ = now;
    lines_ = 0;
  }
  const bool may = lines_++ < most_lines;
  omitted_ += may ? 0 : 1;
  return may;
}

std::string slow_requests::json() const {
  const std::lock_guard lock(mutex_);
  std::string text = R"({"threshold_ms":)" + std::to_string(threshold_.count()) + R"(,"requests":[)";
  for (const auto& one : kept_)
    text += (&one == &kept_.front() ? "" : ",") + one;
  return text + "]}";
}

} // namespace winnow
