#pragma once

#include "actors/tracing/request_trace.hpp"
#include "actors/tracing/slow_requests.hpp"
#include "actors/tracing/span_exporter.hpp"
#include "config/settings/settings.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace winnow {

/// The duration of something that was measured, with the trace in which it was.
struct trace_example {
  enum class measure { http, recommender, stage, store, version };
  measure what;
  std::string_view label; ///< The route, the origin, the stage, nothing, or the version.
  std::chrono::nanoseconds took;
  std::string_view trace;
};

/// What the tracer reports to. Called on any thread.
struct tracer_reports {
  export_counts spans;
  std::function<void(const trace_example&)> example; ///< For each measurement of an exported trace.
};

/// Decides which requests are traced, and what becomes of a trace that has ended: slow ones are logged,
/// sampled and slow ones are exported. Thread-safe.
class tracer : public std::enable_shared_from_this<tracer> {
public:
  /// Returns null if the settings ask neither for an export nor for a slow log: then tracing costs nothing.
  /// @param db_system The name of the store's system; empty: the store is in this process.
  static std::shared_ptr<tracer> of(const trace_settings& settings, std::string db_system,
                                    tracer_reports reports);

  /// Begins the trace of a request that arrived over HTTP. Returns null if nobody wants it.
  request_trace_ptr begin(const http::request& asked);

  /// Begins the trace of work that no request asked for. Returns null if it is not sampled.
  /// @param name Static text. @param begun When that work began.
  request_trace_ptr begin_background(const char* name,
                                     request_trace::time_point begun = request_trace::clock::now());

  /// The slow requests; null if they are not logged.
  const slow_requests* slow() const noexcept { return slow_ ? &*slow_ : nullptr; }

  /// Exports what has ended, for at most `limit`. Traces that end later are dropped.
  void stop(std::chrono::milliseconds limit);

private:
  tracer(const trace_settings& settings, std::string db_system, tracer_reports reports);

  bool samples(const http::trace_id& id, const http::trace_parent* parent) const;
  request_trace_ptr make(request_trace::identity who, std::string name, request_trace::time_point begin);
  void ended(std::unique_ptr<request_trace> trace);
  void report_examples(const request_trace& trace, std::chrono::nanoseconds took) const;

  const trace_settings settings_;
  const tracer_reports reports_;
  const std::chrono::nanoseconds slowest_ignored_; ///< Requests that take this long matter in any case.
  std::optional<slow_requests> slow_;
  std::optional<span_exporter> exporter_;
};

using tracer_ptr = std::shared_ptr<tracer>;

/// Makes the answer of a traced request tell the trace when it has been sent. It also tells the client of the
/// trace (`traceparent`, `tracestate`), if that is sampled or the client has sent a parent.
http::responder traced_responder(request_trace_ptr trace, http::responder answer);

} // namespace winnow
