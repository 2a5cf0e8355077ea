#pragma once

#include "config/log/event_ring.hpp"

#include <string>
#include <vector>

namespace winnow {

/// An event as operators get it: `{"id":7,"first_id":7,"time":…,"first_time":…,"count":1,"level":"error",
/// "component":"din_ranker","event":"actor died","fields":{"reason":"…"}}`; times are Unix seconds.
std::string event_json(const kept_event& one);

/// A JSON array of events.
std::string events_json(const std::vector<kept_event>& events);

/// Names the last event that a client knows, across rings: what `event_position` reads.
std::string position_text(const event_ring& ring, std::uint64_t id);

/// The id in such a text; 0, so that everything is new, where it is of another ring or none at all.
std::uint64_t event_position(const event_ring& ring, std::string_view text);

} // namespace winnow
