#pragma once

#include "actors/interfaces.hpp"

namespace winnow {

/// A stage's dispatcher as it sees itself: with the messages that it sends to itself.
using stage_dispatcher_self = stage_actor::extend<
    // Hand out what a burst of messages brought.
    caf::reacts_to<flush_atom>,
    // The pause after a worker's failure is over.
    caf::reacts_to<revive_atom>,
    // Check the workers' time-outs.
    caf::reacts_to<tick_atom>>;

} // namespace winnow
