#include "actors/stages/stage_outage.hpp"

#include "config/log/log.hpp"

namespace winnow {

void take_stage_down(const std::string& stage, actor_record& record, health_board& health,
                     const restart_history::verdict& verdict, const std::string& reason) {
  record.gave_up(reason);
  health.stage(stage).down = true;
  log_event(log_level::error, stage, "stage down",
            {{"failures_in_window", verdict.deaths},
             {"reason", reason},
             {"next_try_ms", static_cast<std::int64_t>(verdict.pause.count())}});
}

} // namespace winnow
