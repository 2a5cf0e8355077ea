#include "http/server.hpp"
#include "tools/winnow-bench/closed_loop.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/comparison.hpp"

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
  return {};
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
