#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace winnow::bench {

/// What all commands share.
struct bench_options {
  std::filesystem::path dir = "build/bench"; ///< Deployments are kept below it for the next run.
  std::filesystem::path checkpoints; ///< A folder with din256.pth and ranknet.pth, or a model directory;
                                     ///< empty: random weights of the same shapes.
  std::size_t items = 30'000;
  std::size_t users = 50'000;
  std::uint64_t seed = 7;
  std::size_t repetitions = 5;
  double seconds = 5;         ///< Of each repetition under load.
  bool quick = false;         ///< Three short repetitions: for a look, not for a report.
  std::filesystem::path json; ///< Empty: no JSON is written.
};

/// Declares the shared options; they may stand before and behind a command's name.
void declare_options(CLI::App& app, bench_options& options);

/// What follows from other options once all are read.
void settle_options(bench_options& options);

} // namespace winnow::bench
