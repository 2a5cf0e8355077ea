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
  std::string name; ///< Without what wrappers (DataParallel, torch.compile, FSDP) and trainers put before it.
  std::vector<std::int64_t> shape; ///< Empty for a scalar.
  std::vector<float> values;       ///< Row-major, regardless of strides and type in the file; all finite.
  bool is_counter = false;         ///< Whether it is a single integer, such as `num_batches_tracked`.
  bool is_integral = false;        ///< Whether the file has integers, which weights only are if quantised.
};

/// Limits for reading a checkpoint. The memory needed is about the file's size plus the tensors' size.
struct checkpoint_limits {
  std::uint64_t max_file_bytes = std::uint64_t{4} << 30U;
  /// How many times larger than the file all float32 tensors together may be (views that share a storage,
  /// int8).
  std::uint64_t max_expansion = 16;
};

/// The tensors of one state dict saved by PyTorch. Immutable once loaded.
class checkpoint {
public:
  checkpoint(std::string file, std::vector<named_tensor> tensors,
             std::vector<std::pair<std::string, std::string>> settings,
             std::vector<std::pair<std::string, std::string>> refused = {})
      : file_(std::move(file)), tensors_(std::move(tensors)), settings_(std::move(settings)),
        refused_(std::move(refused)) {}

  /// Returns the tensor with that name, or null.
  const named_tensor* find(std::string_view name) const;

  /// All tensors in the state dict's order. Counters (`num_batches_tracked`) are included, as floats.
  const std::vector<named_tensor>& tensors() const { return tensors_; }

  /// Returns a number, text or flat list that was saved beside the state dict, as text for cross-checks and
  /// logs: for example `epoch` of the root, or `embedding_dim` of its `config` or `model_config`. Null if
  /// there is no such setting.
  const std::string* setting(std::string_view name) const;

  /// Returns why the value with that name in the state dict could not be read as a tensor; null if there is
  /// none.
  const std::string* refusal(std::string_view name) const;

  /// The path from which it was loaded, for messages.
  const std::string& file() const { return file_; }

private:
  std::string file_;
  std::vector<named_tensor> tensors_;
  std::vector<std::pair<std::string, std::string>> settings_;
  std::vector<std::pair<std::string, std::string>> refused_;
};

/// Reads a file written by `torch.save` (1.6 or later): a state dict, bare or wrapped (`state_dict`,
/// `model_state_dict`, `model`, …), saved on any device. Never runs code from the file: what only code could
/// make (objects, numpy scalars, sets, schedulers) is skipped beside the state dict, and refused as a part of
/// it. Blocking; any thread.
/// @return On failure, an error that names the file and the record, tensor, opcode or global in question:
///   `not_found`, `io_error`, `malformed` (damage, or a value that is NaN or infinite), `unsupported`
///   (refused on purpose) or `too_large`.
result<checkpoint> load_checkpoint(const std::filesystem::path& file, const checkpoint_limits& limits = {});

} // namespace winnow
