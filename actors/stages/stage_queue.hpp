#pragma once

#include "actors/stages/stage_job.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace winnow {

/// The bounded queue of tasks that wait for a stage's workers. Interactive tasks go before background ones.
/// Searches for similar items are interactive, but share no batch with other tasks, which are much shorter on
/// a large catalogue. Runs on the dispatcher's thread only.
class stage_queue {
public:
  explicit stage_queue(const stage_settings& settings) : settings_(settings) {}

  std::size_t waiting() const { return interactive_.size() + similar_.size() + background_.size(); }

  /// Returns why `task` must be refused; nullopt if it can be queued.
  /// @param batch_time How long a worker takes for a batch, roughly.
  std::optional<error> admission_error(const stage_task& task, std::chrono::nanoseconds batch_time) const;

  void push(stage_job job);

  /// Returns one worker's share of the waiting tasks if `workers` are idle: at most a batch, and of more than
  /// a batch as much as leaves the others as much. Begins with the
  /// interactive task that has waited longest. Refuses tasks that are past their deadline.
  /// @param searches Whether it may return searches for similar items.
  std::vector<stage_job> take(std::size_t workers, bool searches = true);

  void refuse_all(fault cause, const std::string& message);

private:
  using job_queue = std::deque<stage_job>;

  steady_clock::time_point full_at(const job_queue& queue, std::chrono::nanoseconds batch_time) const;
  job_queue& queue_of(const stage_task& task);
  std::size_t batch_size(std::size_t workers) const;

  const stage_settings settings_;
  job_queue interactive_, similar_, background_; ///< Each in the order of arrival.
};

} // namespace winnow
