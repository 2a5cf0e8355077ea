#pragma once

#include "actors/status/fleet_board.hpp"

#include <nlohmann/json_fwd.hpp>

namespace winnow {

/// The part of GET /status about the fleet: this replica's place, what waits, and all replicas.
nlohmann::ordered_json fleet_object(const fleet_board& board);

} // namespace winnow
