#pragma once

#include "config/error.hpp"
#include "models/kernels/aligned.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace winnow {

/// What a stage of training goes on from after it was interrupted.
struct training_state {
  std::string run; ///< Says what the state belongs to: the data and all that shapes the result.
  std::map<std::string, aligned_floats> arrays;
  std::map<std::string, std::uint64_t> counters;
};

/// Written whole or not at all. Blocking.
result<void> write_training_state(const std::filesystem::path& path, const training_state& state);

/// @return None where there is no file, or one of another run; `malformed` for a damaged one.
result<std::optional<training_state>> read_training_state(const std::filesystem::path& path,
                                                          const std::string& run);

} // namespace winnow
