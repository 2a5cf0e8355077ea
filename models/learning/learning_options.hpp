#pragma once

#include "models/transitions/transition_rules.hpp"

#include <chrono>
#include <cstddef>

namespace winnow {

/// How a daemon learns while it serves, and how much memory it may take for it.
struct learning_options {
  double half_life = 90 * 86'400; ///< Seconds after which an event counts half as much as a new one.
  std::size_t successors = 128;   ///< Learned transitions of an item; the heaviest stay.
  std::size_t most_transitions = 12'000'000; ///< Of all items together; 8 bytes each.
  std::size_t most_users = 4'000'000;        ///< Users whose new items are recognised; about 30 bytes each.
  std::size_t adopt_after = 3;               ///< Readers of an item before it is adopted; 0: never.
  std::size_t most_adopted = 10'000;         ///< Items.
  std::size_t most_candidates = 20'000;      ///< Items that wait for more readers; the oldest are forgotten.
};

/// The least time from the end of a publication to the next one, so that publishing takes no more than a
/// fifth of the learner's time. @param took The time of the publication.
inline std::chrono::steady_clock::duration rest_after_publication(std::chrono::steady_clock::duration took) {
  return 4 * took;
}

} // namespace winnow
