#pragma once

#include "actors/stages/stage_job.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace winnow {

/// The tasks that wait for a stage's workers: bounded, interactive ones before changed profiles. On the
/// dispatcher's thread alone.
class stage_queue {
public:
  explicit stage_queue(const stage_settings& settings) : settings_(settings) {}

  std::size_t waiting() const { return interactive_.size() + background_.size(); }

  /// Why one more task cannot be taken.
  /// @param batch_time What a worker takes for a batch, about.
  std::optional<error> admission_error(const stage_task& task, std::chrono::nanoseconds batch_time) const;

  void push(stage_job job);

  /// What waits, shared out among so many workers, at most a batch; what is past its deadline is refused.
  std::vector<stage_job> take(std::size_t workers);

  void refuse_all(fault cause, const std::string& message);

private:
  steady_clock::time_point full_at(std::chrono::nanoseconds batch_time) const;

  const stage_settings settings_;
  std::deque<stage_job> interactive_, background_;
};

} // namespace winnow
