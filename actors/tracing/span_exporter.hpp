#pragma once

#include "actors/tracing/otlp_json.hpp"
#include "config/settings/values/http_url.hpp"
#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>

namespace winnow {

/// What becomes of spans. Called on any thread.
struct export_counts {
  std::function<void(std::size_t)> exported; ///< The collector took them.
  std::function<void(std::size_t)> dropped;  ///< Traces, not spans: they found the queue full.
  std::function<void(std::size_t)> failed;   ///< The collector refused them, or could not be reached.
};

/// Where traces are exported to, and how.
struct export_settings {
  http_url collector;
  http::name_values headers;
  span_origin origin;
  std::size_t queue = 2048;                 ///< Traces that may wait; further ones are dropped.
  std::size_t batch = 128;                  ///< Traces in one request.
  std::size_t attempts = 5;                 ///< To send a batch.
  std::chrono::milliseconds interval{1000}; ///< How long a trace waits for others, at most.
  std::chrono::milliseconds time_out{10'000};
  std::chrono::milliseconds first_pause{1000}, longest_pause{30'000}; ///< Between two attempts.
  std::chrono::seconds report_interval{60}; ///< The log has a line a cause and interval, with a count.
};

/// Sends traces to an OpenTelemetry collector (OTLP/HTTP, JSON), on a thread of its own with a low priority.
/// Never makes its callers wait: traces that find the queue full are dropped and counted.
///
/// A batch that the collector could not take (429, 502, 503, 504, no answer) is sent again after a pause,
/// which doubles or is what `Retry-After` says. Any other refusal is final.
class span_exporter {
public:
  span_exporter(export_settings how, export_counts counts);
  ~span_exporter(); ///< Calls `stop` without time to send anything.
  span_exporter(const span_exporter&) = delete;
  span_exporter& operator=(const span_exporter&) = delete;

  /// Thread-safe. Drops the trace after `stop`.
  void add(ended_trace trace);

  /// Sends what is queued, once and for at most `limit`, and ends the thread. What is left counts as failed.
  void stop(std::chrono::milliseconds limit);

private:
  class core;

  const std::shared_ptr<core>
      core_; ///< Shared with the thread, which may hang in a look-up of a host's name.
  std::thread thread_;
};

} // namespace winnow
