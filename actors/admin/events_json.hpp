#pragma once

#include "config/log/event_ring.hpp"

#include <string>
#include <vector>

namespace winnow {

/// The JSON form of an event: `{"id":7,"first_id":7,"time":…,"first_time":…,"count":1,"level":"error",
/// "component":"din_ranker","event":"actor died","fields":{"reason":"…"}}`; times are Unix seconds.
std::string event_json(const kept_event& one);

/// A JSON array of events.
std::string events_json(const std::vector<kept_event>& events);

/// Formats the id of the last event that a client has, in a form that is unique across rings. Read back by
/// `event_position`.
std::string position_text(const event_ring& ring, std::uint64_t id);

/// Returns the id in `text`; 0, so that all events are new, if it is invalid or from another ring.
std::uint64_t event_position(const event_ring& ring, std::string_view text);

} // namespace winnow
