#pragma once

#include "actors/pipeline/recommendation_job.hpp"
#include "models/ruled_lists.hpp"
#include "models/trials/model_trials.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace winnow {

/// Decides which lists the shadow ranks, too, and bounds how many at a time. Keeps the shop's rules as they
/// fit the shadow's items. Of one recommender, on its thread.
class shadow_gate {
public:
  /// Whether the shadow ranks this list: a share of all, one after the other.
  bool chooses(const model_trials& trials) {
    due_ += trials.shadow_share;
    if (due_ < 1)
      return false;
    due_ -= 1;
    return true;
  }

  /// Whether there is room for a list, given the number of requests in the pipeline.
  bool has_room(std::size_t requests) const noexcept {
    return requests <= most_requests && running_ < most_running;
  }

  void begin() noexcept { ++running_; }
  void end() noexcept { --running_; }

  ruled_lists& rules() noexcept { return rules_; }

private:
  // Shadows yield to requests: with more of them at work, a list is dropped instead.
  static constexpr std::size_t most_requests = 4, most_running = 4;

  double due_ = 0;
  std::size_t running_ = 0;
  ruled_lists rules_;
};

/// A list that was served, for the shadow to be compared with.
struct served_list {
  recommendation_reply reply;
  std::shared_ptr<const profile> items; ///< Of the user.
  std::chrono::nanoseconds took{};      ///< In the queues and in the stages.
};

/// Sends one user through the stages with the shadow's models and the shop's rules for all lists, at
/// background priority, and compares the ranking with that of the list that was served: before pins and
/// diversity arrange them, which is no work of the models. Nobody waits for it, and nothing is stored. Drops
/// the list, which is counted, if requests need the time. Lives as long as a stage has its task; on the
/// recommender's thread.
void run_shadow(const job_environment& environment, const recommendation_request& request,
                served_list served);

} // namespace winnow
