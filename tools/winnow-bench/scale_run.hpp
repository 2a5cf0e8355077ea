#pragma once

#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/comparison.hpp"

namespace winnow::bench {

struct scale_options {
  std::vector<std::size_t> sizes{10'000, 30'000, 100'000, 1'000'000};
};
void declare_sizes(CLI::App& app, scale_options& options);

/// From this many items on, runs use fewer users in Redis, fewer connections, and the unbatched Python
/// service. The daemon computes the lists of all users before it is idle, which would take minutes.
inline constexpr std::size_t many_items = 300'000;

/// Compares winnowd with all workers, winnowd with one, and the Python service on a catalogue of `items`.
result<void> compare_at(bench_options options, std::size_t items, const peer_options& peer,
                        bench_report& report);

} // namespace winnow::bench
