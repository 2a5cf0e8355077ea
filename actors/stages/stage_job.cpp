#include "actors/stages/stage_job.hpp"

namespace winnow {

stage_job::~stage_job() {
  if (task_)
    refuse(fault::unavailable, "stopping");
}

void stage_job::answer(const stage_reply& reply) {
  if (*reply) {
    parts_->record->took(steady_clock::now() - accepted_);
  } else {
    parts_->record->handled(); // no latency: refusals are quick and would improve the figures
    parts_->meters->stages.failed(parts_->settings.name, to_string(reply->error().cause));
  }
  task_.reset();
  promise_.deliver(reply);
}

void stage_job::refuse(fault cause, const std::string& message) {
  answer(std::make_shared<const result<ranked_list>>(fail(cause, parts_->settings.name + ": " + message)));
}

} // namespace winnow
