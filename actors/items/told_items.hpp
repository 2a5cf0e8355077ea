#pragma once

#include "models/availability/item_fact.hpp"

#include <vector>

namespace winnow {

/// What the replicas of a fleet were told about items.
struct told_items {
  std::vector<item_fact> facts;
  bool all = false; ///< Everything that is kept, and not only what is new.
};

} // namespace winnow
