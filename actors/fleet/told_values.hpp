#pragma once

#include "actors/fleet/fleet_parts.hpp"
#include "models/availability/item_fact.hpp"
#include "redis/fleet/fleet_types.hpp"

#include <optional>
#include <vector>

namespace winnow {

/// What was said about an item as values of the fleet. Their names are JSON arrays: `["item","attribute"]`;
/// before it, `["item","attribute","base"]` for what the items file said then, if that is known, which
/// replicas of earlier versions ignore; and `["item"]` for all that was said, which is the group of the
/// others.
std::vector<fleet_value> to_values(const item_fact& fact);

/// The inverse. Values of another kind are left out, as those of a newer version may be. A base that belongs
/// to something else that was said is left out, too.
std::vector<item_fact> to_facts(const std::vector<fleet_value>& values);

/// An experiment as a value of the fleet, and the inverse; nullopt if the value is another kind's.
fleet_value to_value(const told_experiment& experiment);
std::optional<told_experiment> to_experiment(const fleet_value& value);

} // namespace winnow
