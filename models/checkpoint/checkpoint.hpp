#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// A tensor of a state dict.
struct named_tensor {
  std::string name; ///< Without the `module.` of DataParallel and the `_orig_mod.` of torch.compile.
  std::vector<std::int64_t> shape; ///< Empty for a scalar.
  std::vector<float> values; ///< Row-major, whatever the strides and the type were in the file; all finite.
};

/// What reading a checkpoint may cost at most. Memory is about the file's size plus the tensors'.
struct checkpoint_limits {
  std::uint64_t max_file_bytes = std::uint64_t{4} << 30U;
  /// The float32 tensors together may be this much larger than the file (views that share a storage, int8).
  std::uint64_t max_expansion = 16;
};

/// The tensors of one state dict, as PyTorch saved it. Immutable once loaded.
class checkpoint {
public:
  checkpoint(std::string file, std::vector<named_tensor> tensors,
             std::vector<std::pair<std::string, std::string>> settings)
      : file_(std::move(file)), tensors_(std::move(tensors)), settings_(std::move(settings)) {}

  /// The tensor of that name, or null.
  const named_tensor* find(std::string_view name) const;

  /// All tensors in the state dict's own order. Counters (`num_batches_tracked`) are among them, as floats.
  const std::vector<named_tensor>& tensors() const { return tensors_; }

  /// What stands beside the state dict as a number, text or flat list, for cross-checks and logs: an `epoch`
  /// of the root, an `embedding_dim` of its `config` or `model_config`. Null where there is none.
  const std::string* setting(std::string_view name) const;

  /// The path it was loaded from, for messages.
  const std::string& file() const { return file_; }

private:
  std::string file_;
  std::vector<named_tensor> tensors_;
  std::vector<std::pair<std::string, std::string>> settings_;
};

/// Reads what `torch.save` (1.6 and later) wrote: a state dict, bare or wrapped (`state_dict`,
/// `model_state_dict`, `model`, …), saved on any device. No code of the file ever runs. Blocking; any thread.
/// @return The failure names the file, and the record, tensor, opcode or global that it is about:
///   `not_found`, `io_error`, `malformed` (damage, a value that is NaN or infinite), `unsupported` (what is
///   refused on purpose) or `too_large`.
result<checkpoint> load_checkpoint(const std::filesystem::path& file, const checkpoint_limits& limits = {});

} // namespace winnow
