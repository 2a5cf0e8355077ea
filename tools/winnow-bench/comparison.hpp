#pragma once

#include "tools/winnow-bench/closed_loop.hpp"

#include <optional>

namespace winnow::bench {

/// The Python service to compare with.
struct peer_options {
  std::filesystem::path dir =
      "../shared/peer"; ///< Where it is not, or Python lacks something: nothing is compared.
};
void declare_peer(CLI::App& app, peer_options& options);

/// The names under which servers stand in the tables.
inline const std::string whole_winnowd = "winnowd", one_worker = "winnowd, 1 worker",
                         peer_for_throughput = "python-batch2";
inline const std::vector<std::string> peers_for_latency{"python-batch2", "python-batch", "python"};

/// Who takes part in a comparison, and with how many connections each.
struct comparison_plan {
  std::vector<std::size_t> connections{1, 16, 64};
  bool one_worker_too = false; ///< winnowd with one worker a stage as well, with the most connections.
  bool plain_only = false;     ///< Of Python only the form without batches, with all connections.
};

/// Starts winnowd and, where it can be had, the Python service on the deployment, and has them take turns.
/// @param closed Without servers; keeps them running afterwards, winnowd first.
/// @param peer Null: winnowd alone.
result<void> compare(closed_loop& closed, const deployment& data, const peer_options* peer,
                     const comparison_plan& plan);

} // namespace winnow::bench
