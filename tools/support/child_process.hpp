#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace winnow {

/// A program that another starts: a test, a benchmark. It ends with it, however that ends.
class child_process {
public:
  /// Starts `arguments[0]`, found in PATH, with its output (both streams) as the content of `output_file`.
  /// Throws where no process can be made; a program that does not exist ends with exit code 127.
  child_process(std::vector<std::string> arguments, const std::string& output_file);
  ~child_process(); ///< Kills it where it still runs.
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  pid_t pid() const noexcept { return pid_; }

  void signal(int number) const; ///< Does nothing once it has ended.

  /// How it ended: its exit code, or 128 and the signal's number. None: it still runs.
  std::optional<int> exit_code();

  /// Waits for its end. None: it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(20));

private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

} // namespace winnow
