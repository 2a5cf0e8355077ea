#pragma once

#include "actors/runtime/restart_history.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"

#include <string>

namespace winnow {

/// Reports that a stage is down because its dispatcher or its workers failed too often. The stage is up again
/// when the dispatcher restarts or retries.
void take_stage_down(const std::string& stage, actor_record& record, health_board& health,
                     const restart_history::verdict& verdict, const std::string& reason);

} // namespace winnow
