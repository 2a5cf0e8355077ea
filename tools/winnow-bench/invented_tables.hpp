#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace winnow::bench {

/// The size of a deployment whose tables are large.
struct table_sizes {
  std::size_t items = 0, users = 0;
  std::size_t width = 64; ///< Of the embeddings.
  std::uint64_t seed = 0;
};

/// Builds a deployment of any size in little memory, or reuses the one that an earlier run built. Its numbers
/// mean nothing: embeddings are uniform, with four decimals, and users have no profiles. Ids look like those
/// of the other deployments. 20 million users of 64 numbers take 9 GB and some minutes.
/// @return `io_error`.
result<deployment> prepare_tables(const std::filesystem::path& dir, const table_sizes& sizes);

} // namespace winnow::bench
