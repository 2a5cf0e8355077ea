#include "actors/tracing/tracer.hpp"
#include "http/server.hpp"
#include "tools/winnow-bench/closed_loop.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/comparison.hpp"
#include "tools/winnow-bench/process_usage.hpp"

#include <algorithm>
#include <atomic>

namespace winnow::bench {

namespace {

/// A collector in this process that takes all traces and keeps none.
class idle_collector {
public:
  idle_collector() {
    auto routes = std::make_shared<http::router>();
    http::route traces;
    traces.method = "POST";
    traces.pattern = "/v1/traces";
    traces.handle = [this](const http::request&, const http::responder& answer) {
      ++batches_;
      http::response taken;
      taken.body = "{}";
      answer(std::move(taken));
    };
    routes->add(std::move(traces));
    http_settings settings;
    settings.host = "127.0.0.1";
    settings.port = 0;
    settings.max_body_bytes = 64U << 20U;
    server_ = std::make_unique<http::server>(settings, routes);
  }

  result<std::string> listen() {
    return server_->listen().map(
        [](std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); });
  }

  std::size_t batches() const { return batches_; }

private:
  std::atomic<std::size_t> batches_{0};
  std::unique_ptr<http::server> server_; ///< The last member, because it uses the count.
};

/// Traces a request for one list as the daemon does: five steps, of which each is taken and done elsewhere.
void trace_request(tracer& traces, const http::request& asked) {
  const auto trace = traces.begin(asked);
  for (const auto what : {trace_step::kind::store, trace_step::kind::stage, trace_step::kind::stage,
                          trace_step::kind::stage, trace_step::kind::store}) {
    const traced_step step(trace, "step", what);
    if (step) {
      step.taken(request_trace::clock::now(), 8);
      step.done(request_trace::clock::now());
    }
    step.end();
  }
  if (!trace)
    return;
  trace->listed(std::chrono::milliseconds(1), "version");
  http::exchange done;
  done.method = "POST";
  done.route = "/recommend/{user_id}";
  done.target = "/recommend/1";
  done.status = 200;
  done.duration = std::chrono::milliseconds(1);
  trace->answered(done);
}

/// Adds the tracer's own cost of a request, which is far below what the closed loop can tell: the processor
/// time of this process, so with the thread that exports, and with the collector's work.
result<void> measure_tracer(const bench_options& options, const trace_settings& settings,
                            const std::string& name, const samples& server_ms, bench_report& report) {
  constexpr double most_sampled = 1000; // fewer than may wait for the exporter
  const auto requests = static_cast<std::size_t>(std::min(20'000.0, most_sampled / settings.ratio));
  samples cost;
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition) {
    std::atomic<std::size_t> exported{0}, lost{0};
    tracer_reports reports;
    reports.spans = {[&](std::size_t spans) { exported += spans; },
                     [&](std::size_t traces) { lost += traces; }, [&](std::size_t spans) { lost += spans; }};
    reports.example = [](const trace_example&) {};
    const auto begun = own_processor_seconds();
    const auto traces = tracer::of(settings, "redis", reports);
    for (std::size_t i = 0; i < requests; ++i) {
      http::request asked;
      asked.received = request_trace::clock::now();
      trace_request(*traces, asked);
    }
    traces->stop(std::chrono::seconds(10));
    cost.add((own_processor_seconds() - begun) / static_cast<double>(requests) * 1e6);
    if (exported == 0 || lost > 0)
      return fail(fault::internal, "expected all sampled traces at the collector, got " +
                                       std::to_string(exported) + " spans, and lost " + std::to_string(lost));
  }
  report.section("tracer", "The tracer alone")
      .rows.emplace_back()
      .text("traces", name)
      .measured("us a request", cost)
      .number("% of the server's time", 100 * cost.median() / (1000 * server_ms.median()));
  return {};
}

/// The server's processor time of a request in the closed loop, in ms.
result<samples> server_time(const bench_report& report) {
  if (const auto* loop = report.find("closed"))
    for (const auto& row : loop->rows)
      if (const auto* found = row.find("server s/1000"); found && row.text_of("server") == whole_winnowd)
        return *found;
  return fail(fault::internal, "expected the server's time of a request, got none");
}

result<void> measure_tracers(const bench_options& options, const std::string& url, double ratio,
                             bench_report& report) {
  const auto server = server_time(report);
  if (!server)
    return tl::unexpected(server.error());
  trace_settings settings;
  settings.endpoint = url;
  settings.ratio = ratio;
  if (auto done = measure_tracer(options, settings, "sampled", *server, report); !done)
    return done;
  settings.slow = std::chrono::seconds(1); // none is, but each is recorded
  return measure_tracer(options, settings, "sampled, and slow ones always", *server, report);
}

result<void> run_traces(const bench_options& options, double ratio, bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  idle_collector collector;
  const auto url = collector.listen();
  if (!url)
    return tl::unexpected(url.error());
  closed_loop closed(options, *data);
  auto traced = winnowd_recipe(*data, {"--otlp-endpoint", *url, "--trace-ratio", number_text(ratio)});
  traced.name = whole_winnowd + ", traces";
  const auto name = traced.name;
  if (auto added = closed.add(winnowd_recipe(*data), {64}); !added)
    return added;
  if (auto added = closed.add(std::move(traced), {64}); !added)
    return added;
  if (auto done = closed.run(); !done)
    return done;
  if (collector.batches() == 0)
    return fail(fault::internal, "expected traces at " + *url + ", got none");
  closed.report(report);
  report_ratios(whole_winnowd, name, report);
  return measure_tracers(options, *url, ratio, report);
}

} // namespace

bench_action declare_traces(CLI::App& app) {
  const auto ratio = std::make_shared<double>(0.01);
  app.add_option("--ratio", *ratio, "The share of the traces that is exported")
      ->check(CLI::Range(0.0001, 1.0))
      ->capture_default_str();
  return [ratio](const bench_options& options, bench_report& report) {
    return run_traces(options, *ratio, report);
  };
}

} // namespace winnow::bench
