#include "actors/tracing/otlp_json.hpp"

#include "actors/tracing/id_source.hpp"
#include "actors/tracing/trace_summary.hpp"
#include "config/settings/settings.hpp"
#include "config/text/json_text.hpp"
#include "config/version.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace winnow {

namespace {

using time_point = request_trace::time_point;

// The values of the protocol's enumerations.
enum class span_kind { internal = 1, server = 2, client = 3 };
constexpr int status_error = 2;

std::string string_value(std::string_view text) {
  return R"({"stringValue":)" + json_string(text) + "}";
}

std::string int_value(std::size_t number) {
  return R"({"intValue":")" + std::to_string(number) + R"("})";
}

std::string milliseconds_value(std::chrono::nanoseconds duration) {
  char text[32];
  const auto ms = std::chrono::duration<double, std::milli>(duration).count();
  return R"({"doubleValue":)" +
         std::string(text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.3f", ms))) + "}";
}

/// Attributes as a JSON array.
class attribute_list {
public:
  /// @param value As JSON. @param key Static text.
  void add(std::string_view key, const std::string& value) {
    json_ += json_.empty() ? R"({"key":")" : R"(,{"key":")";
    json_ += key;
    json_ += R"(","value":)";
    json_ += value;
    json_ += '}';
  }

  std::string json() const { return "[" + json_ + "]"; }

private:
  std::string json_;
};

/// What one span says, besides the ids of its trace.
struct span_text {
  std::string name;
  span_kind kind = span_kind::internal;
  time_point begin, end;
  std::optional<std::string_view> error;
  attribute_list attributes = {};
};

/// Appends the spans of traces to a JSON text.
class span_writer {
public:
  span_writer(const span_origin& origin, std::string& json)
      : origin_(origin), json_(json), to_wall_clock_(std::chrono::system_clock::now().time_since_epoch() -
                                                     request_trace::clock::now().time_since_epoch()) {}

  void write(const request_trace& trace) {
    trace_ = &trace;
    own_ = trace.who().self.span;
    children_ = 0;
    const auto end = trace.ended_at().value_or(trace.begun());
    write_root(end);
    for (const auto& step : summary_of(trace))
      write_step(step);
  }

  std::size_t spans() const { return spans_; }

private:
  void write_root(time_point end) {
    const auto& root = trace_->root();
    span_text text{
        root.name, root.status > 0 ? span_kind::server : span_kind::internal, trace_->begun(), end, {}};
    auto& attributes = text.attributes;
    if (root.status > 0) {
      attributes.add("http.request.method", string_value(root.method));
      attributes.add("http.route", string_value(root.route));
      attributes.add("url.path", string_value(root.target.substr(0, root.target.find('?'))));
      attributes.add("http.response.status_code", int_value(root.status));
      attributes.add("winnow.request_id", string_value(root.request_id));
    }
    constexpr unsigned server_error = 500;
    if (root.failure)
      text.error = to_string(*root.failure);
    else if (root.status >= server_error)
      text.error = "server error";
    if (!root.degraded.empty()) {
      std::string values;
      for (const auto& reason : root.degraded)
        values += (values.empty() ? "" : ",") + string_value(reason);
      attributes.add("winnow.degraded", R"({"arrayValue":{"values":[)" + values + "]}}");
    }
    write_span(own_, trace_->who().parent, text);
  }

  /// A span for all steps of a name, and below it one for their waits and one for their computation.
  void write_step(const step_summary& step) {
    const auto id = next_id();
    auto text = text_of(std::string(step.name), step.whole, step.count);
    if (step.failures > 0)
      text.error = step.failure;
    if (step.failures > 0 && step.count > 1)
      text.attributes.add("winnow.failures", int_value(step.failures));
    if (step.is_of_store())
      describe_store(step, text);
    write_span(id, own_, text);
    if (step.queue)
      write_span(next_id(), id, text_of(std::string(step.name) + " queue", *step.queue, step.count));
    if (step.compute) {
      auto computed = text_of(std::string(step.name) + " compute", *step.compute, step.count);
      computed.attributes.add("winnow.batch.size", int_value(step.batch));
      write_span(next_id(), id, computed);
    }
  }

  void describe_store(const step_summary& step, span_text& text) const {
    if (!origin_.db_system.empty()) {
      text.kind = span_kind::client;
      text.attributes.add("db.system.name", string_value(origin_.db_system));
    }
    text.attributes.add("db.operation.name", string_value(step.name));
    if (step.batch > 0)
      text.attributes.add("db.operation.batch.size", int_value(step.batch));
  }

  static span_text text_of(std::string name, const interval_sum& times, std::size_t count) {
    span_text text{std::move(name), span_kind::internal, times.begin, times.end, {}};
    if (count > 1) {
      text.attributes.add("winnow.count", int_value(count));
      text.attributes.add("winnow.total_ms", milliseconds_value(times.total));
      text.attributes.add("winnow.longest_ms", milliseconds_value(times.longest));
    }
    return text;
  }

  void write_span(std::uint64_t id, std::optional<std::uint64_t> parent, const span_text& text) {
    const auto& who = trace_->who();
    json_ += spans_++ > 0 ? R"(,{"traceId":")" : R"({"traceId":")";
    json_ += trace_->trace();
    json_ += R"(","spanId":")";
    http::append_hex(json_, id);
    if (parent) {
      json_ += R"(","parentSpanId":")";
      http::append_hex(json_, *parent);
    }
    json_ += '"';
    if (!who.state.empty())
      json_ += R"(,"traceState":)" + json_string(who.state);
    json_ += R"(,"name":)" + json_string(text.name);
    json_ += R"(,"kind":)" + std::to_string(static_cast<int>(text.kind));
    json_ += R"(,"startTimeUnixNano":")" + unix_nanoseconds(text.begin);
    json_ += R"(","endTimeUnixNano":")" + unix_nanoseconds(text.end);
    json_ += R"(","attributes":)" + text.attributes.json();
    json_ += R"(,"status":{)";
    if (text.error)
      json_ += R"("code":)" + std::to_string(status_error) + R"(,"message":)" + json_string(*text.error);
    json_ += "}}";
  }

  std::string unix_nanoseconds(time_point when) const {
    const auto since = when.time_since_epoch() + to_wall_clock_;
    return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
  }

  std::uint64_t next_id() { return nonzero(mixed(own_ + ++children_)); }

  const span_origin& origin_;
  std::string& json_;
  const std::chrono::nanoseconds to_wall_clock_;
  const request_trace* trace_ = nullptr;
  std::uint64_t own_ = 0;
  std::uint64_t children_ = 0;
  std::size_t spans_ = 0;
};

} // namespace

std::string otlp_request(const span_origin& origin, const std::vector<ended_trace>& traces,
                         std::size_t& spans) {
  std::string resource;
  for (const auto& [key, value] : origin.resource)
    resource += (resource.empty() ? R"({"key":)" : R"(,{"key":)") + json_string(key) + R"(,"value":)" +
                string_value(value) + "}";
  std::string json = R"({"resourceSpans":[{"resource":{"attributes":[)" + resource +
                     R"(]},"scopeSpans":[{"scope":{"name":"winnow","version":)" +
                     json_string(std::string(version())) + R"(},"spans":[)";
  span_writer writer(origin, json);
  for (const auto& trace : traces)
    writer.write(*trace);
  spans = writer.spans();
  json += "]}]}]}";
  return json;
}

pair_list resource_of_process(const std::string& service_name, const pair_list& configured) {
  pair_list all;
  const auto set = [&](const std::string& key, const std::string& value) {
    const auto same = [&](const auto& pair) { return pair.first == key; };
    all.erase(std::remove_if(all.begin(), all.end(), same), all.end());
    all.emplace_back(key, value);
  };
  set("service.name", service_name);
  set("service.version", std::string(version()));
  set("service.instance.id", http::to_hex(random_id()) + http::to_hex(random_id()));
  for (const auto& [key, value] : configured)
    if (key != "service.name" || service_name == trace_settings{}.service_name)
      set(key, value);
  return all;
}

} // namespace winnow
