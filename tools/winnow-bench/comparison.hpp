#pragma once

#include "tools/winnow-bench/closed_loop.hpp"

#include <optional>

namespace winnow::bench {

/// The Python service to compare with.
struct peer_options {
  /// The folder of the service. If it is missing or Python lacks a module, only winnowd is measured.
  std::filesystem::path dir = "../shared/peer";
};
void declare_peer(CLI::App& app, peer_options& options);

/// The servers' names in the tables.
inline const std::string whole_winnowd = "winnowd", one_worker = "winnowd, 1 worker",
                         peer_for_throughput = "python-batch2";
inline const std::vector<std::string> peers_for_latency{"python-batch2", "python-batch", "python"};

/// The servers of a comparison and their numbers of connections.
struct comparison_plan {
  std::vector<std::size_t> connections{1, 16, 64};
  bool one_worker_too = false; ///< Adds winnowd with one worker per stage, at the most connections.
  bool plain_only = false;     ///< Of the Python forms, only the unbatched one, at all connections.
};

/// Starts winnowd and, if available, the Python service on the deployment, and measures them in turns.
/// @param closed Must have no servers yet. Keeps the servers running afterwards; winnowd is the first.
/// @param peer If null, only winnowd is measured.
result<void> compare(closed_loop& closed, const deployment& data, const peer_options* peer,
                     const comparison_plan& plan);

/// Adds the section `comparison` to a report that has closed loops: the second server's figures over those of
/// the first, a row for each number of connections.
void report_ratios(const std::string& before, const std::string& after, bench_report& report);

} // namespace winnow::bench
