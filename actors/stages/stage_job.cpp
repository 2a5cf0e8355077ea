#include "actors/stages/stage_job.hpp"

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

stage_job::~stage_job() {
  if (task_)
    refuse(fault::unavailable, "stopping");
}

void stage_job::answer(const stage_reply& reply) {
  if (*reply) {
    parts_->record->took(steady_clock::now() - accepted_);
  } else {
    parts_->record->handled(); // a refusal takes no time, and would make the latencies look better
    parts_->meters->stage_failed(parts_->how.name, to_string(reply->error().cause));
  }
  task_.reset();
  promise_.deliver(reply);
}

void stage_job::refuse(fault cause, const std::string& message) {
  answer(std::make_shared<const result<ranked_list>>(fail(cause, parts_->how.name + ": " + message)));
}

} // namespace winnow
