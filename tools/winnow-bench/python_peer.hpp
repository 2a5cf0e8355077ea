#pragma once

#include "tools/winnow-bench/served_program.hpp"

#include <filesystem>
#include <vector>

namespace winnow::bench {

/// Forms of the Python service that Winnow is compared with.
enum class python_form {
  batch2, ///< Two worker processes, requests share one product: most requests a second.
  batch,  ///< The same in one process.
  plain,  ///< One process, one request after the other.
};

/// Whether that folder has the service and Python all that it needs.
bool python_peer_runs(const std::filesystem::path& dir);

/// The service on the same deployment: OpenBLAS and torch on one thread a process, uvloop, httptools.
program_recipe python_recipe(python_form form, const std::filesystem::path& dir, const deployment& data);

} // namespace winnow::bench
