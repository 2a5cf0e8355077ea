#pragma once

#include "models/checkpoint/checkpoint.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// A state dict as PyTorch would hold it.
struct checkpoint_content {
  std::string key; ///< Under which the state dict stands (`state_dict`); empty: it is all there is.
  std::vector<named_tensor>
      tensors;              ///< A scalar (empty shape) is written as int64: a counter. All others as float32.
  std::string settings_key; ///< `config`; empty: none.
  std::vector<std::pair<std::string, std::vector<std::int64_t>>>
      settings; ///< One number, or a list of several.
};

/// Writes what `torch.load` reads, as `torch.save` would have saved it from a machine without a GPU. The same
/// content gives the same bytes. Blocking.
/// @return `io_error` with the file; `too_large` from 4 GB on.
result<void> write_checkpoint(const std::filesystem::path& path, const checkpoint_content& content);

} // namespace winnow
