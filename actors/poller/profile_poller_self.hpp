#pragma once

#include "actors/interfaces.hpp"

namespace winnow {

/// The poller's interface, including the messages that it sends to itself.
using profile_poller_self = profile_poller_actor::extend<
    // Check whether a sweep is due.
    caf::reacts_to<sweep_atom>,
    // Start as many profiles as a burst has finished.
    caf::reacts_to<flush_atom>,
    // The pause after a failure is over.
    caf::reacts_to<pump_atom>,
    // Expire pending requests.
    caf::reacts_to<tick_atom>>;

} // namespace winnow
