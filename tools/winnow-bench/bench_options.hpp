#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace winnow::bench {

/// The options that all commands share.
struct bench_options {
  std::filesystem::path dir = "build/bench"; ///< Holds the deployments; later runs reuse them.
  /// A folder with din256.pth and ranknet.pth, or a model directory. If empty, the rankers have random
  /// weights of the same shapes.
  std::filesystem::path checkpoints;
  std::size_t items = 30'000;
  std::size_t users = 50'000;
  std::uint64_t seed = 7;
  std::size_t repetitions = 5;
  double seconds = 5;         ///< The length of each repetition under load.
  bool quick = false;         ///< Runs three short repetitions: a quick look, not a report.
  std::filesystem::path json; ///< Where to write JSON; nowhere if empty.
};

/// Declares the shared options. They may precede or follow a command's name.
void declare_options(CLI::App& app, bench_options& options);

/// Derives options from others after parsing: `quick` caps repetitions and seconds.
void settle_options(bench_options& options);

} // namespace winnow::bench
