#pragma once

#include "models/training/training_state.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace winnow {

/// Saves the state of a training stage to disk, at most once per pause unless required.
class state_keeper {
public:
  using clock = std::chrono::steady_clock;

  /// @param pause Minimum time between two saves that are not required.
  state_keeper(std::filesystem::path file, std::string run, bool resume, clock::duration pause)
      : file_(std::move(file)), run_(std::move(run)), resume_(resume), pause_(pause), last_(clock::now()) {}

  /// The state to resume from; nullopt if not resuming or if there is none. An error if it is of another run,
  /// so that the first `keep` does not destroy it.
  result<std::optional<training_state>> load() const {
    return resume_ ? read_training_state(file_, run_) : result<std::optional<training_state>>(std::nullopt);
  }

  /// Saves the result of `state` if `must` or if the last save is at least `pause` ago.
  result<void> keep(const std::function<state_to_keep()>& state, bool must) {
    if (!must && clock::now() - last_ < pause_)
      return {};
    auto written = write_training_state(file_, run_, state());
    last_ = clock::now();
    return written;
  }

private:
  std::filesystem::path file_;
  std::string run_;
  bool resume_;
  clock::duration pause_;
  clock::time_point last_;
};

} // namespace winnow
