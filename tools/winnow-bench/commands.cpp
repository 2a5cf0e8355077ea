#include "tools/winnow-bench/command.hpp"

namespace winnow::bench {

const std::vector<bench_command>& bench_commands() {
  static const std::vector<bench_command> commands{
      {"data", "Build the synthetic deployment alone", declare_data},
      {"serve", "The daemon under load: closed and open loop, and lists out of Redis", declare_serve},
      {"peer", "The daemon and the Python service on the same data, taking turns", declare_peer_command},
      {"scale", "The same as the catalogue grows, with one worker and with all", declare_scale},
      {"limits", "What the machine can do at most, and what a request takes at least", declare_limits},
      {"stages", "Recall, DIN and RankNet alone, in batches of 1 to 64, against those limits",
       declare_stages},
      {"ann", "The index of a large catalogue: recall against time, as a table and a plot", declare_ann},
      {"chaos", "The daemon while its parts are killed, hang or drown", declare_chaos},
      {"all", "Everything in one go, with the table of targets", declare_all},
  };
  return commands;
}

} // namespace winnow::bench
