#pragma once

#include "models/training/interactions/interactions.hpp"

namespace winnow {

/// Returns the interactions of the first `share` (0 to 1) of the time, from the first interaction to the
/// last. Users and items that only come later are not in the result.
/// @param log With times.
interaction_log first_of_time(const interaction_log& log, double share);

} // namespace winnow
