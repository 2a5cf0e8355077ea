#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace winnow {

/// A child process of a test or benchmark. It is killed when its parent ends, for whatever reason.
class child_process {
public:
  /// Starts `arguments[0]`, searched in PATH, with both output streams written to `output_file`. Throws if no
  /// process can be created; a program that does not exist ends with exit code 127.
  child_process(std::vector<std::string> arguments, const std::string& output_file);
  ~child_process(); ///< Kills it if it still runs.
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  pid_t pid() const noexcept { return pid_; }

  void signal(int number) const; ///< Does nothing after it has ended.

  /// Returns its exit code, or 128 plus the signal's number; nullopt while it runs.
  std::optional<int> exit_code();

  /// Waits for its end. Returns nullopt if it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(20));

private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

} // namespace winnow
