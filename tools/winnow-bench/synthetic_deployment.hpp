#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/bench_options.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace winnow::bench {

/// Width of the synthetic embeddings.
inline constexpr std::size_t embedding_width = 128;

/// A deployment on disk, and its users.
struct deployment {
  std::filesystem::path dir; ///< Also what the Python service takes as its data.
  std::vector<std::string> users;
  std::vector<std::string> profiles; ///< Of each user, as Redis holds it: a JSON array, oldest item first.

  std::filesystem::path model_dir() const { return dir / "model_output"; }

  /// Forgets all users but the first so many; the model directory keeps theirs.
  void keep_users(std::size_t count) {
    users.resize(std::min(count, users.size()));
    profiles.resize(users.size());
  }
};

/// Builds the deployment that the options describe, or takes the one that an earlier run built: the model
/// directory, `profiles.tsv`, and the tables once more as .npy files, which the Python service maps. The same
/// options give the same bytes. Takes about 3 s for 30,000 items and 50,000 users.
/// @return `io_error`, or what a given checkpoint lacks.
result<deployment> prepare_deployment(const bench_options& options);

} // namespace winnow::bench
