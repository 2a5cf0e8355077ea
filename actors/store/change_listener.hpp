#pragma once

#include "actors/interfaces.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/fleet_board.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace winnow {

/// The listener's interface, including the message that it sends to itself.
using change_listener_self = change_listener_actor::extend<
    // Wait for the next announcement.
    caf::reacts_to<pump_atom>>;

struct change_listener_state {
  static inline const char* name = "change_listener";
  neighbours_ptr neighbours;
};

/// Waits for announcements of changed profiles and forwards them to the poller. In a fleet it does so only
/// while this replica leads.
/// @note Blocks for a fraction of a second at a time. Must be spawned with `caf::detached`.
change_listener_self::behavior_type
change_listener(change_listener_self::stateful_pointer<change_listener_state> self,
                std::shared_ptr<change_tracker> tracker, const actor_record_ptr& record,
                const fleet_board_ptr& fleet = nullptr);

} // namespace winnow
