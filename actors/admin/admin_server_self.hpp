#pragma once

#include "actors/http_messages.hpp"
#include "actors/interfaces.hpp"

namespace winnow {

/// The admin server's own interface, extended by the message that it sends to itself.
using admin_server_self = admin_server_actor::extend<
    // While there are listeners: push updates.
    caf::reacts_to<tick_atom>>;

} // namespace winnow
