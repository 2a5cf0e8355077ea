#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/bench_options.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace winnow::bench {

/// The width of the synthetic embeddings.
inline constexpr std::size_t embedding_width = 128;

/// A deployment on disk, and its users.
struct deployment {
  std::filesystem::path dir; ///< Also the data directory of the Python service.
  std::vector<std::string> users;
  std::vector<std::string> profiles; ///< One per user, as in Redis: a JSON array, oldest item first.

  std::filesystem::path model_dir() const { return dir / "model_output"; }

  /// Drops all users after the first `count`. The model directory still has them.
  void keep_users(std::size_t count) {
    users.resize(std::min(count, users.size()));
    profiles.resize(users.size());
  }
};

/// Builds the deployment that the options describe, or reuses the one that an earlier run built. It has a
/// model directory, `profiles.tsv`, and copies of the tables as .npy files, which the Python service maps.
/// The same options give the same bytes. Takes about 3 s for 30,000 items and 50,000 users.
/// @return `io_error`, `malformed` for a damaged `profiles.tsv`.
result<deployment> prepare_deployment(const bench_options& options);

} // namespace winnow::bench
