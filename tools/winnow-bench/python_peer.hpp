#pragma once

#include "tools/winnow-bench/served_program.hpp"

#include <filesystem>
#include <vector>

namespace winnow::bench {

/// The forms of the Python service that Winnow is compared with.
enum class python_form {
  batch2, ///< Two worker processes that batch requests: the highest rate.
  batch,  ///< One process that batches requests.
  plain,  ///< One process that handles one request at a time.
};

/// Whether the folder has the service and Python has all modules that it needs.
bool python_peer_runs(const std::filesystem::path& dir);

/// Runs the service on the deployment, with uvloop and httptools. OpenBLAS and torch use one thread per
/// process.
program_recipe python_recipe(python_form form, const std::filesystem::path& dir, const deployment& data);

} // namespace winnow::bench
