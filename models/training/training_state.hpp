#pragma once

#include "config/error.hpp"
#include "models/kernels/aligned.hpp"

#include <cstdint>
#include <filesystem>
#include <gsl/span>
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

/// The same before it is written, without copies of the arrays: they are as large as the models.
struct state_to_keep {
  std::map<std::string, gsl::span<const float>> arrays; ///< They must not change until the state is written.
  std::map<std::string, std::uint64_t> counters;
};

/// Writes the whole state of a run or nothing. Blocking.
result<void> write_training_state(const std::filesystem::path& path, const std::string& run,
                                  const state_to_keep& state);

/// @return nullopt if there is no file; `invalid_argument` that says what differs if it belongs to another
/// run; `malformed` if it is damaged; `unsupported` if an earlier version wrote it.
result<std::optional<training_state>> read_training_state(const std::filesystem::path& path,
                                                          const std::string& run);

/// Whether there is a state of this run. @param run Its members alone are compared, see `difference_of_runs`.
/// @return The errors of `read_training_state`.
result<bool> has_training_state(const std::filesystem::path& path, const std::string& run);

} // namespace winnow
