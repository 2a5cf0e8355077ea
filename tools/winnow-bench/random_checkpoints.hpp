#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <filesystem>

namespace winnow::bench {

/// Writes `din/best_model.pth` and `ranknet/best_model.pth` with random weights, in the shapes of the Python
/// service's models: DIN 256 wide on 3 features, RankNet 128 wide, layers of 128, 64 and 32.
result<void> write_random_checkpoints(const std::filesystem::path& model_dir, std::uint64_t seed);

} // namespace winnow::bench
