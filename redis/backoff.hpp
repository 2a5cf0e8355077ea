#pragma once

#include "config/system/uniform_random.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace winnow {

/// When to try again after failures: pauses that double from `min` to `max`, each drawn at random from its
/// upper half so that many clients do not come back in step. No pause is shorter than `min` or longer than
/// `max`. Owned by one thread.
class backoff {
public:
  using clock = std::chrono::steady_clock;
  using clock_function = std::function<clock::time_point()>;

  /// `now` and `random` are replaced in tests.
  backoff(std::chrono::milliseconds min, std::chrono::milliseconds max, clock_function now = clock::now,
          random_function random = {});

  /// Begins the next, longer pause.
  void failed();

  /// The next failure begins with the shortest pause again.
  void succeeded() noexcept { failures_ = 0; }

  /// What is left of the pause; zero: an attempt may be made.
  std::chrono::milliseconds remaining() const;

private:
  std::chrono::milliseconds min_;
  std::chrono::milliseconds max_;
  clock_function now_;
  random_function random_;
  std::uint32_t failures_ = 0;
  clock::time_point next_ = clock::time_point::min();
};

} // namespace winnow
