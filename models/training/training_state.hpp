#pragma once

#include "config/error.hpp"
#include "models/kernels/aligned.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace winnow {

/// The state from which an interrupted training stage resumes.
struct training_state {
  std::string run; ///< Identifies the run: the data and everything that affects the result.
  std::map<std::string, aligned_floats> arrays;
  std::map<std::string, std::uint64_t> counters;
};

/// Writes the whole state or nothing. Blocking.
result<void> write_training_state(const std::filesystem::path& path, const training_state& state);

/// @return nullopt if there is no file or it belongs to another run; `malformed` if it is damaged.
result<std::optional<training_state>> read_training_state(const std::filesystem::path& path,
                                                          const std::string& run);

} // namespace winnow
