#include "actors/tracing/slow_requests.hpp"

#include "actors/json_time.hpp"
#include "actors/tracing/trace_summary.hpp"
#include "config/log/log.hpp"

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

std::string short_text(double ms) {
  char text[32];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.1f", ms))};
}

/// What is in brackets behind a step: e.g. `queue 39.9, batch 32, timeout`, or for many lists `32 times,
/// total 120.4, longest 20.1, queue 90.3, batch 16, 2 failed: timeout`.
std::string details_of(const step_summary& step) {
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  const bool many = step.count > 1;
  if (many) {
    add(std::to_string(step.count) + " times");
    add("total " + short_text(milliseconds(step.whole.total)));
    add("longest " + short_text(milliseconds(step.whole.longest)));
  }
  if (step.queue)
    add("queue " + short_text(milliseconds(step.queue->total)));
  if (step.batch > 0)
    add("batch " + std::to_string(step.batch));
  if (step.failures > 0)
    add((many ? std::to_string(step.failures) + " failed: " : "") + std::string(step.failure));
  return text;
}

/// E.g. `read profile 0.3 (queue 0.1, batch 1), candidate_generator 41.2 (queue 39.9, batch 32)`.
std::string text_of(const std::vector<step_summary>& steps) {
  std::string text;
  for (const auto& step : steps) {
    const auto took = step.whole.end - step.whole.begin;
    text += (text.empty() ? "" : ", ") + std::string(step.name) + " " + short_text(milliseconds(took));
    if (const auto details = details_of(step); !details.empty())
      text += " (" + details + ")";
  }
  return text;
}

ordered_json json_of(const step_summary& step) {
  ordered_json one{{"step", step.name}, {"duration_ms", milliseconds(step.whole.end - step.whole.begin)}};
  if (step.count > 1) {
    one["count"] = step.count;
    one["total_ms"] = milliseconds(step.whole.total);
    one["longest_ms"] = milliseconds(step.whole.longest);
  }
  if (step.queue)
    one["queue_ms"] = milliseconds(step.queue->total);
  if (step.compute)
    one["compute_ms"] = milliseconds(step.compute->total);
  if (step.batch > 0)
    one["batch"] = step.batch;
  if (step.failures > 0)
    one["failure"] = step.failure;
  if (step.failures > 0 && step.count > 1)
    one["failures"] = step.failures;
  return one;
}

/// Where the time of a request went, in milliseconds. That of many lists is more than the request took.
struct time_shares {
  double queue = 0, compute = 0, store = 0;
};

time_shares shares_of(const std::vector<step_summary>& steps) {
  time_shares shares;
  for (const auto& step : steps) {
    if (step.is_of_store())
      shares.store += milliseconds(step.whole.total);
    else if (step.queue)
      shares.queue += milliseconds(step.queue->total);
    if (step.compute)
      shares.compute += milliseconds(step.compute->total);
  }
  return shares;
}

} // namespace

void slow_requests::add(const request_trace& trace, std::chrono::nanoseconds took) {
  const auto& root = trace.root();
  const auto steps = summary_of(trace);
  const auto duration_ms = milliseconds(took);
  const auto now = request_trace::clock::now();
  const std::string_view target = root.target.empty() ? "(the client left)" : std::string_view(root.target);
  auto listed = ordered_json::array();
  for (const auto& step : steps)
    listed.push_back(json_of(step));
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
  const auto shares = shares_of(steps);
  log_requested(log_level::warning, "http", "slow request",
                {{"method", root.method},
                 {"target", target},
                 {"status", root.status},
                 {"duration_ms", duration_ms},
                 {"queue_ms", shares.queue},
                 {"compute_ms", shares.compute},
                 {"store_ms", shares.store},
                 {"steps", text_of(steps)},
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
