#pragma once

#include "actors/runtime/restart_history.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"

#include <string>

namespace winnow {

/// Publishes that a stage failed too often and pauses: its own actor, or its workers. It is up again with the
/// dispatcher's next start or try.
void take_stage_down(const std::string& stage, actor_record& record, health_board& health,
                     const restart_history::verdict& verdict, const std::string& reason);

} // namespace winnow
