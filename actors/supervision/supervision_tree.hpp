#pragma once

#include "config/error.hpp"
#include "config/system/uniform_random.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace winnow {

/// Which of a group's children are started anew when one of them dies.
enum class restart_strategy {
  one_for_one,  ///< That one.
  rest_for_one, ///< That one and those declared behind it, which build on it.
};

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

struct supervised_child {
  std::string name;
  restart_policy policy = {};
};

struct supervised_group {
  std::string name;
  restart_strategy strategy = restart_strategy::one_for_one;
  std::vector<supervised_child> children; ///< In the order of their start.
};

/// Who looks after whom, as data. The supervisor carries it out.
struct supervision_tree {
  restart_policy root; ///< How often groups may be started anew as a whole, all together, before it is fatal.
  std::vector<supervised_group> groups; ///< In the order of their start; they stop in the opposite one.
};

/// The daemon's tree.
supervision_tree daemon_supervision();

/// Checks that the tree names exactly the declared children, each once: a child that only one side knows
/// would silently never be started.
/// @return An error that names the first child that does not match.
result<void> check_children(const supervision_tree& tree, const std::vector<std::string>& declared);

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
