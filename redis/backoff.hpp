#pragma once

#include "config/system/uniform_random.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace winnow {

/// Pauses between attempts after failures. They double from `min` to `max`; each is drawn at random from its
/// upper half, so that many clients do not return in step. No pause is shorter than `min` or longer than
/// `max`. Used by one thread.
class backoff {
public:
  using clock = std::chrono::steady_clock;
  using clock_function = std::function<clock::time_point()>;

  /// `now` and `random` are replaced in tests.
  backoff(std::chrono::milliseconds min, std::chrono::milliseconds max, clock_function now = clock::now,
          random_function random = {});

  /// Starts the next, longer pause.
  void failed();

  /// Makes the next failure start with the shortest pause.
  void succeeded() noexcept { failures_ = 0; }

  /// A pause also ends if this number is no longer what it was at its start.
  void end_with(std::shared_ptr<const std::atomic<std::uint64_t>> news) { news_ = std::move(news); }

  /// Returns the rest of the pause; zero if an attempt may be made.
  std::chrono::milliseconds remaining() const;

private:
  std::chrono::milliseconds min_;
  std::chrono::milliseconds max_;
  clock_function now_;
  random_function random_;
  std::uint32_t failures_ = 0;
  clock::time_point next_ = clock::time_point::min();
  std::shared_ptr<const std::atomic<std::uint64_t>> news_;
  std::uint64_t known_ = 0; ///< The number at the start of the pause.
};

} // namespace winnow
