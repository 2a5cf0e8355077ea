#include "tools/winnow-bench/scale_run.hpp"

#include "tools/winnow-bench/progress.hpp"

namespace winnow::bench {

void declare_sizes(CLI::App& app, scale_options& options) {
  app.add_option("--sizes", options.sizes, "Numbers of items in the catalogues")
      ->delimiter(',')
      ->check(CLI::Range(200, 5'000'000))
      ->capture_default_str();
}

result<void> compare_at(bench_options options, std::size_t items, const peer_options& peer,
                        bench_report& report) {
  options.items = items;
  print_progress("preparing a deployment of " + std::to_string(items) + " items");
  auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  comparison_plan plan;
  plan.connections = {64};
  plan.one_worker_too = true;
  if (items >= many_items) {
    plan.connections = {16};
    plan.plain_only = true;
    data->keep_users(2000);
  }
  closed_loop closed(options, *data);
  if (auto done = compare(closed, *data, &peer, plan); !done)
    return done;
  closed.report(report);
  return {};
}

bench_action declare_scale(CLI::App& app) {
  const auto peer = std::make_shared<peer_options>();
  const auto scale = std::make_shared<scale_options>();
  declare_peer(app, *peer);
  declare_sizes(app, *scale);
  return [peer, scale](const bench_options& options, bench_report& report) -> result<void> {
    for (const auto items : scale->sizes)
      if (auto done = compare_at(options, items, *peer, report); !done)
        return done;
    return {};
  };
}

} // namespace winnow::bench
