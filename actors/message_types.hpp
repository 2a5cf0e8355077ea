#pragma once

#include "actors/fleet_messages.hpp"
#include "actors/http_messages.hpp"
#include "actors/items/told_items.hpp"
#include "actors/pipeline/profile_reader.hpp"
#include "actors/stage_messages.hpp"
#include "models/availability/item_change.hpp"
#include "models/availability/item_state.hpp"

#include <caf/actor_system_config.hpp>

namespace winnow {

/// Lets the actors of a system send all messages. CAF can print each of them, for which what they point to
/// must be complete here.
inline void add_message_types(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::winnow>();
}

} // namespace winnow
