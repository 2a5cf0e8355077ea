#pragma once

#include "actors/messages.hpp"
#include "redis/fleet/fleet_types.hpp"

#include <string>
#include <vector>

/// What the poller and the fleet member are sent by each other.
namespace winnow {

/// Entries of the fleet's stream that need nothing more.
struct finished_entries {
  std::vector<std::string> computed;  ///< Ids of those whose list was computed and stored.
  std::vector<std::string> unchanged; ///< Of the others.
};

} // namespace winnow
