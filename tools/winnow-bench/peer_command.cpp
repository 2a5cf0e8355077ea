#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/comparison.hpp"

namespace winnow::bench {

bench_action declare_peer_command(CLI::App& app) {
  const auto peer = std::make_shared<peer_options>();
  declare_peer(app, *peer);
  return [peer](const bench_options& options, bench_report& report) -> result<void> {
    const auto data = prepare_deployment(options);
    if (!data)
      return tl::unexpected(data.error());
    closed_loop closed(options, *data);
    if (auto done = compare(closed, *data, peer.get(), {}); !done)
      return done;
    closed.report(report);
    return {};
  };
}

} // namespace winnow::bench
