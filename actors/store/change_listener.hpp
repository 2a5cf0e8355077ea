#pragma once

#include "actors/interfaces.hpp"
#include "actors/status/actor_record.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace winnow {

struct change_listener_state {
  static inline const char* name = "change_listener";
  neighbours_ptr others;
};

/// Waits for announcements of changed profiles and passes them on to the poller.
/// @note Blocks, a fraction of a second at a time: the spawner passes `caf::detached`.
change_listener_actor::behavior_type
change_listener(change_listener_actor::stateful_pointer<change_listener_state> self,
                std::shared_ptr<change_tracker> tracker, const actor_record_ptr& record);

} // namespace winnow
