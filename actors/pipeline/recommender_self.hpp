#pragma once

#include "actors/interfaces.hpp"

namespace winnow {

/// The recommender's interface, including the messages that it sends to itself.
using recommender_self = recommender_actor::extend<
    // Send all store commands of a burst of messages.
    caf::reacts_to<flush_atom>,
    // Report to the poller all lists that a burst stored.
    caf::reacts_to<stored_atom>,
    // The rest after costly work is over.
    caf::reacts_to<pump_atom>,
    // Expire pending requests.
    caf::reacts_to<tick_atom>>;

} // namespace winnow
