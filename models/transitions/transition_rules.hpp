#pragma once

#include <cstddef>

namespace winnow {

/// How the items of one history count as transitions between each other. For item a at a distance of `gap`
/// before item b, at most `reach`: W[a→b] += gap_decay^(gap - 1), and W[b→a] += backward · gap_decay^(gap -
/// 1).
struct transition_rules {
  double gap_decay = 0.7;
  double backward = 0.3;
  std::size_t reach = 20;
  std::size_t most_successors = 128; ///< Kept for each item: the heaviest. At least 1.
};

} // namespace winnow
