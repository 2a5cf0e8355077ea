#include "tools/winnow-bench/bench_options.hpp"

#include <algorithm>

namespace winnow::bench {

void declare_options(CLI::App& app, bench_options& options) {
  app.add_option("--dir", options.dir, "Directory of the synthetic deployments; later runs reuse them")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--checkpoints", options.checkpoints,
                 "Directory of DIN and RankNet, as din256.pth and ranknet.pth or as din/best_model.pth "
                 "and ranknet/best_model.pth; default: random weights of the same shapes")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  app.add_option("--items", options.items, "Number of items in the catalogue")
      ->check(CLI::Range(200, 5'000'000))
      ->capture_default_str();
  app.add_option("--users", options.users, "Number of users, each with a profile of 5 to 50 items")
      ->check(CLI::Range(10, 5'000'000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "The same seed gives the same deployment")->capture_default_str();
  app.add_option("--repetitions", options.repetitions, "Number of repetitions; tables show their median")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "Length of one repetition under load in seconds")
      ->check(CLI::Range(0.05, 600.0))
      ->capture_default_str();
  app.add_flag("--quick", options.quick, "At most 3 repetitions of at most 2 s: a quick look, not a report");
  app.add_option("--json", options.json, "Write all measurements to this file")->type_name("FILE");
}

void settle_options(bench_options& options) {
  if (!options.quick)
    return;
  options.repetitions = std::min<std::size_t>(options.repetitions, 3);
  options.seconds = std::min(options.seconds, 2.0);
}

} // namespace winnow::bench
