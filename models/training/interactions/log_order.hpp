#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/interactions/row_report.hpp"

#include <vector>

namespace winnow {

/// Sorts the events by time. Those of the same time keep their order or, if they have real times, get that of
/// `ties`.
void sort_by_time(interaction_log& log, tie_order ties);

/// Marks the events with the user and item of an earlier one. Takes one mark per event, user and item.
std::vector<bool> repeated_events(const interaction_log& log);

/// Removes the marked events; the others keep their order. @param marks One per event.
void remove_events(interaction_log& log, const std::vector<bool>& marks);

} // namespace winnow
