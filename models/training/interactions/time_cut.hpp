#pragma once

#include "models/training/interactions/interactions.hpp"

namespace winnow {

/// Returns the time until which a share (0 to 1) of the interactions happened. @param log With times; not
/// empty.
std::int64_t time_after(const interaction_log& log, double share);

/// Returns the interactions up to a time. Users and items that only come later are not in the result.
interaction_log first_until(const interaction_log& log, std::int64_t last);

} // namespace winnow
