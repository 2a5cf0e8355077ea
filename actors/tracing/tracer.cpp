#include "actors/tracing/tracer.hpp"

#include "actors/tracing/id_source.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

using clock = request_trace::clock;

constexpr std::string_view traces_path = "v1/traces";

/// Where traces go; nullopt if nowhere. The settings reader has validated the URLs.
std::optional<http_url> collector_of(const trace_settings& settings) {
  if (!settings.traces_endpoint.empty())
    return parse_http_url(settings.traces_endpoint);
  auto url = parse_http_url(settings.endpoint);
  if (url)
    url->path += (url->path.back() == '/' ? "" : "/") + std::string(traces_path);
  return url;
}

export_settings export_settings_of(const trace_settings& settings, http_url collector,
                                   std::string db_system) {
  export_settings how;
  how.collector = std::move(collector);
  // As OpenTelemetry specifies, the headers for traces replace the general ones: they are not merged.
  const auto& headers = settings.traces_headers.empty() ? settings.headers : settings.traces_headers;
  how.headers = parse_pairs(headers).value_or(pair_list());
  how.origin.resource = resource_of_process(settings.service_name,
                                            parse_pairs(settings.resource_attributes).value_or(pair_list()));
  how.origin.db_system = std::move(db_system);
  return how;
}

std::chrono::nanoseconds least_slow(const trace_settings& settings) {
  auto least = std::chrono::nanoseconds::max();
  for (const auto threshold : {settings.slow, settings.slow_log})
    if (threshold.count() > 0)
      least = std::min<std::chrono::nanoseconds>(least, threshold);
  return least;
}

bool is_parent_based(trace_sampler sampler) {
  return sampler == trace_sampler::parentbased_always_on ||
         sampler == trace_sampler::parentbased_always_off ||
         sampler == trace_sampler::parentbased_traceidratio;
}

} // namespace

std::shared_ptr<tracer> tracer::of(const trace_settings& settings, std::string db_system,
                                   tracer_reports reports) {
  if (!collector_of(settings) && settings.slow_log.count() == 0)
    return nullptr;
  return std::shared_ptr<tracer>(new tracer(settings, std::move(db_system), std::move(reports)));
}

tracer::tracer(const trace_settings& settings, std::string db_system, tracer_reports reports)
    : settings_(settings), reports_(std::move(reports)), slowest_ignored_(least_slow(settings)) {
  if (settings_.slow_log.count() > 0)
    slow_.emplace(settings_.slow_log);
  if (auto collector = collector_of(settings_)) {
    log_event(log_level::info, "traces", "traces are exported", {{"collector", host_header(*collector)}});
    exporter_.emplace(export_settings_of(settings_, *std::move(collector), std::move(db_system)),
                      reports_.spans);
  }
}

bool tracer::samples(const http::trace_id& id, const http::trace_parent* parent) const {
  if (!exporter_)
    return false;
  if (parent != nullptr && is_parent_based(settings_.sampler))
    return parent->sampled;
  switch (settings_.sampler) {
  case trace_sampler::always_on:
  case trace_sampler::parentbased_always_on:
    return true;
  case trace_sampler::always_off:
  case trace_sampler::parentbased_always_off:
    return false;
  case trace_sampler::traceidratio:
  case trace_sampler::parentbased_traceidratio:
    break;
  }
  // By the id, so that all services with the same ratio choose the same traces.
  constexpr int bits = 63;
  return settings_.ratio >= 1 || static_cast<double>(id.low >> 1) < std::ldexp(settings_.ratio, bits);
}

request_trace_ptr tracer::begin(const http::request& asked) {
  const auto parent = asked.traceparent.empty() ? std::nullopt : http::parse_traceparent(asked.traceparent);
  const auto id = parent ? parent->trace : http::trace_id{random_id(), random_id()};
  const bool sampled = samples(id, parent ? &*parent : nullptr);
  if (!sampled && slowest_ignored_ == std::chrono::nanoseconds::max())
    return nullptr;
  request_trace::identity who{{id, random_id(), sampled}};
  if (parent) {
    who.parent = parent->span;
    who.state = http::tracestate_to_pass_on(asked.tracestate);
  }
  who.slow = slowest_ignored_;
  who.over_http = true;
  return make(std::move(who), "HTTP request", asked.received);
}

request_trace_ptr tracer::begin_background(const char* name, request_trace::time_point begun) {
  const http::trace_id id{random_id(), random_id()};
  if (!samples(id, nullptr))
    return nullptr;
  return make({{id, random_id(), true}}, name, begun);
}

request_trace_ptr tracer::make(request_trace::identity who, std::string name,
                               request_trace::time_point begin) {
  return {new request_trace(std::move(who), std::move(name), begin),
          [self = shared_from_this()](request_trace* last) {
            self->ended(std::unique_ptr<request_trace>(last));
          }};
}

void tracer::ended(std::unique_ptr<request_trace> trace) {
  if (!trace->ended_at())
    trace->ended(clock::now(), fault::unavailable); // its client left, or the actor that worked on it died
  const std::chrono::nanoseconds took = *trace->ended_at() - trace->begun();
  const bool over_http = trace->who().over_http;
  if (over_http && slow_ && slow_->is_slow(took))
    slow_->add(*trace, took);
  const bool slow = over_http && settings_.slow.count() > 0 && took >= settings_.slow;
  if (!exporter_ || (!trace->who().self.sampled && !slow))
    return;
  report_examples(*trace, took);
  exporter_->add(std::move(trace));
}

void tracer::report_examples(const request_trace& trace, std::chrono::nanoseconds took) const {
  if (trace.root().status > 0)
    reports_.example({trace_example::measure::http, trace.root().route, took, trace.trace()});
  for (const auto& step : trace.steps()) {
    if (!step.taken || !step.done)
      continue;
    if (step.what == trace_step::kind::stage)
      reports_.example({trace_example::measure::stage, step.name, *step.done - *step.taken, trace.trace()});
    else if (step.what == trace_step::kind::store)
      reports_.example({trace_example::measure::store, {}, *step.done - *step.taken, trace.trace()});
  }
  const auto& list = trace.slowest_list();
  if (!list)
    return;
  reports_.example({trace_example::measure::recommender, trace.who().over_http ? "http" : "poller",
                    list->took, trace.trace()});
  if (!list->version.empty())
    reports_.example({trace_example::measure::version, list->version, list->took, trace.trace()});
}

void tracer::stop(std::chrono::milliseconds limit) {
  if (exporter_)
    exporter_->stop(limit);
}

http::responder traced_responder(request_trace_ptr trace, http::responder answer) {
  return [trace = std::move(trace), answer = std::move(answer)](http::response given) {
    const auto& who = trace->who();
    if (who.self.sampled || who.parent) // otherwise nobody knows of this trace
      given.headers.emplace_back("traceparent", http::to_traceparent(who.self));
    if (!who.state.empty())
      given.headers.emplace_back("tracestate", who.state);
    given.follower = trace;
    answer(std::move(given));
  };
}

} // namespace winnow
