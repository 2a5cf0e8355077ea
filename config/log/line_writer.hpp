#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace winnow {

/// Writes lines to a file descriptor on a thread of its own, so that a reader that stalls never stops a
/// caller.
///
/// The callers append to a buffer, which the thread takes as a whole and writes. While the buffer is full,
/// new lines are dropped. As soon as the lines before the gap are written, a notice says how many are
/// missing. Lines that the system refuses (the reader closed its end, the disk is full) are dropped as well;
/// their notice follows once a later line is written.
class line_writer {
public:
  /// Returns the notice about `lines` missing lines, without a line break. Called on the writing thread.
  using notice = std::function<std::string(std::uint64_t lines)>;

  /// @param descriptor Stays the caller's. May block; its flags are not changed.
  /// @param most_bytes Size of the buffer. As much again may be in the hands of the thread.
  /// @throws std::system_error if no thread can be started.
  line_writer(int descriptor, std::size_t most_bytes, notice dropped);

  /// Waits for at most `patience` until all lines are written. What is left then is lost.
  ~line_writer();
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  /// How long the destructor and the end of the process wait for a reader.
  static constexpr std::chrono::milliseconds patience{200};

  /// Queues a line; the line break is added. Never waits for the reader. Thread-safe.
  void write(std::string_view line);

  /// Waits until everything that was queued before is written or refused. Thread-safe.
  /// @return Whether that was so within `limit`.
  bool flush(std::chrono::milliseconds limit);

  /// Returns the number of lines dropped so far. Thread-safe.
  std::uint64_t dropped() const noexcept;

private:
  struct shared;
  static void run(shared& state);

  std::shared_ptr<shared> state_; ///< The thread has it, too: it may outlive this object in a blocked write.
  std::thread thread_;
};

/// Writes all of `text` to the descriptor. Waits for the reader, even if the descriptor is non-blocking.
/// @return Whether the system accepted all of it.
bool write_through(int descriptor, std::string_view text) noexcept;

} // namespace winnow
