#pragma once

#include "actors/interfaces.hpp"

namespace winnow {

/// The recommender as it sees itself: with the messages that it sends to itself.
using recommender_self = recommender_actor::extend<
    // Ask the store for all that a burst of messages wants of it.
    caf::reacts_to<flush_atom>,
    // Report all lists that a burst stored to the poller.
    caf::reacts_to<stored_atom>,
    // Check the time-outs of what is under way.
    caf::reacts_to<tick_atom>>;

} // namespace winnow
