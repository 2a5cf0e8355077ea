#pragma once

#include "models/checkpoint/checkpoint.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// A PyTorch state dict and the settings saved beside it.
struct checkpoint_content {
  std::string key; ///< Key of the state dict (`state_dict`); empty: the state dict is the whole checkpoint.
  /// Scalars (empty shape) are counters and written as int64, all others as float32.
  std::vector<named_tensor> tensors;
  std::string settings_key; ///< Key of the settings (`config`); empty: no settings.
  /// A single value is written as a number, several values as a list.
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> settings;
};

/// Writes a checkpoint that `torch.load` reads, as `torch.save` writes it on a machine without a GPU. The
/// same content gives the same bytes. Blocking.
/// @return `io_error` with the file name; `too_large` from 4 GB on.
result<void> write_checkpoint(const std::filesystem::path& path, const checkpoint_content& content);

} // namespace winnow
