#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace winnow {

/// Keeps a second training out of a model directory: both would write to the same draft. It is a lock of the
/// kernel on the file `.training.lock`, which ends with the process, however that ends. Trainings on other
/// machines are kept out if the file system shares its locks.
class training_lock {
public:
  /// Creates the directory if there is none.
  /// @return `overloaded`, which names the other training, if there is one; `io_error` if the directory
  /// cannot
  ///   be written to.
  static result<training_lock> take(const std::filesystem::path& directory);

  training_lock(training_lock&& other) noexcept;
  training_lock(const training_lock&) = delete;
  training_lock& operator=(training_lock&&) = delete;
  training_lock& operator=(const training_lock&) = delete;
  /// Removes the file, which unlocks it.
  ~training_lock();

  /// Why nothing is locked, if the file system has no locks; otherwise empty.
  const std::string& warning() const noexcept { return warning_; }

private:
  training_lock(std::filesystem::path file, int descriptor)
      : file_(std::move(file)), descriptor_(descriptor) {}
  void release() noexcept; ///< Closes the file, and leaves it there.

  std::filesystem::path file_;
  int descriptor_ = -1; ///< -1: none.
  std::string warning_;
};

} // namespace winnow
