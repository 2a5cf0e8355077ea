#pragma once

#include "config/system/uniform_random.hpp"

#include <chrono>
#include <cstddef>
#include <deque>

namespace winnow {

/// What happens to a child that dies more often than its intensity allows.
enum class when_exhausted {
  escalate,  ///< Its group restarts as a whole; the root's policy limits that.
  mark_down, ///< The others continue without it; it is retried after growing pauses.
};

/// How often a child may die, and how long the pauses before its restarts are.
struct restart_policy {
  std::size_t intensity = 5; ///< How many deaths within the window are tolerated.
  std::chrono::milliseconds window{10'000};
  std::chrono::milliseconds first_pause{100}; ///< Before the first restart; doubles with each death in a row.
  std::chrono::milliseconds longest_pause{10'000};
  when_exhausted exhausted = when_exhausted::escalate;
};

/// Records one child's deaths and applies its policy to each. Uses only the times that it is given, no clock.
class restart_history {
public:
  using clock = std::chrono::steady_clock;

  /// What to do about a death.
  struct verdict {
    bool exhausted = false;            ///< The intensity is exceeded, or the child died on trial.
    std::size_t deaths = 0;            ///< Within the window, including this one.
    std::chrono::milliseconds pause{}; ///< Until the next restart.
  };

  /// @param random Replaced in tests.
  explicit restart_history(const restart_policy& policy, random_function random = {});

  /// Records a death and returns what to do about it.
  verdict died(clock::time_point now);

  /// Forgets all deaths.
  void forget();

  const restart_policy& policy() const noexcept { return policy_; }

private:
  std::chrono::milliseconds next_pause();

  restart_policy policy_;
  random_function random_;
  std::deque<clock::time_point> deaths_; ///< Within the window.
  std::size_t in_a_row_ = 0;             ///< Deaths in a row, however long ago they began.
  clock::time_point on_trial_until_{};   ///< Until then, another death exhausts the policy again.
  clock::time_point calm_at_{};          ///< From then on, a death starts with the first pause again.
};

} // namespace winnow
