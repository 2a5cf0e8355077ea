#pragma once

#include "config/system/uniform_random.hpp"

#include <chrono>
#include <cstddef>
#include <deque>

namespace winnow {

/// What becomes of a child that dies more often than its intensity allows.
enum class when_exhausted {
  escalate,  ///< Its group is started anew as a whole; the root counts that.
  mark_down, ///< The others go on without it; it is tried again after growing pauses.
};

/// How often a child may die, and how long it stays away each time.
struct restart_policy {
  std::size_t intensity = 5; ///< Deaths that are forgiven within the window.
  std::chrono::milliseconds window{10'000};
  std::chrono::milliseconds first_pause{100}; ///< Before the first restart; doubles while deaths follow.
  std::chrono::milliseconds longest_pause{10'000};
  when_exhausted exhausted = when_exhausted::escalate;
};

/// One child's deaths, and what its policy says to each. Plain arithmetic on the times that it is told.
class restart_history {
public:
  using clock = std::chrono::steady_clock;

  /// What to do about a death.
  struct verdict {
    bool exhausted = false;            ///< The intensity is exceeded, or a new try failed at once.
    std::size_t deaths = 0;            ///< Within the window, this one included.
    std::chrono::milliseconds pause{}; ///< Until the next start.
  };

  /// @param random Replaced in tests.
  explicit restart_history(const restart_policy& policy, random_function random = {});

  verdict died(clock::time_point now);

  /// As if nothing had happened yet.
  void forget();

  const restart_policy& policy() const noexcept { return policy_; }

private:
  std::chrono::milliseconds next_pause();

  restart_policy policy_;
  random_function random_;
  std::deque<clock::time_point> deaths_; ///< Within the window.
  std::size_t in_a_row_ = 0;             ///< Deaths that followed each other, however far back.
  clock::time_point on_trial_until_{};   ///< Until then one more death is one too many again.
  clock::time_point calm_at_{};          ///< From then on a death begins with the first pause again.
};

} // namespace winnow
