#pragma once

#include "actors/fleet/fleet_parts.hpp"
#include "models/availability/item_fact.hpp"
#include "redis/fleet/fleet_types.hpp"

#include <optional>

namespace winnow {

/// What was said about an item as a value of the fleet. Its name is a JSON array, `["item","attribute"]`, or
/// `["item"]` for all that was said, which is the group of the others.
fleet_value to_value(const item_fact& fact);

/// An experiment as a value of the fleet, and the inverse; nullopt if the value is another kind's.
fleet_value to_value(const told_experiment& experiment);
std::optional<told_experiment> to_experiment(const fleet_value& value);

/// The inverse; nullopt if the value is another kind's, as those of a newer version may be.
std::optional<item_fact> to_fact(const fleet_value& value);

} // namespace winnow
