#pragma once

#include "actors/stages/stage_settings.hpp"

#include <caf/typed_response_promise.hpp>
#include <memory>
#include <string>
#include <utility>

namespace winnow {

/// A task and the promise of its answer. Answers exactly once, in its destructor at the latest: if a promise
/// is dropped, the caller waits until its time-out. Runs on the dispatcher's thread only.
class stage_job {
public:
  using promise = caf::typed_response_promise<stage_reply>;

  stage_job(std::shared_ptr<const stage_parts> parts, stage_task_ptr task, promise answer)
      : parts_(std::move(parts)), task_(std::move(task)), promise_(std::move(answer)) {}
  ~stage_job();
  stage_job(stage_job&&) noexcept = default; ///< Leaves the source as if answered.
  stage_job& operator=(stage_job&&) = delete;

  const stage_task_ptr& task() const { return task_; }
  steady_clock::time_point accepted() const { return accepted_; }

  void answer(const stage_reply& reply);
  void refuse(fault cause, const std::string& message);

private:
  std::shared_ptr<const stage_parts> parts_;
  stage_task_ptr task_; ///< Null once answered.
  promise promise_;
  steady_clock::time_point accepted_ = steady_clock::now();
};

} // namespace winnow
