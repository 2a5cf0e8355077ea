#pragma once

#include "actors/interfaces.hpp"

namespace winnow {

/// The dispatcher's interface including the messages that it sends to itself.
using stage_dispatcher_self = stage_actor::extend<
    // Hands out the tasks of a burst of messages.
    caf::reacts_to<flush_atom>,
    // The pause after a worker's failure is over.
    caf::reacts_to<revive_atom>,
    // Checks the workers' time-outs.
    caf::reacts_to<tick_atom>>;

} // namespace winnow
