#pragma once

#include "actors/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// What the dispatchers of the stages and their workers are sent.
namespace winnow {

class item_choice;
class shared_retrieval;
struct user_context;

/// One request's work for one stage.
struct stage_task {
  model_set_ptr models; ///< The version with which the request began.
  std::shared_ptr<const user_context> user;
  /// For candidate generation: those that are known, when further ones are wanted; usually null.
  std::shared_ptr<const ranked_list> candidates;
  std::size_t keep =
      0; ///< How many items the stage passes on; of further candidates, besides the known ones.
  steady_clock::time_point deadline; ///< After it the task is dropped without being computed.
  urgency priority = urgency::interactive;
  /// The item whose similar items are wanted; then `user` is null. Only for candidate generation.
  std::optional<std::uint32_t> similar_to = {};
  traced_step step = {};                                ///< Of the request's trace, if it has one.
  std::shared_ptr<const item_choice> allowed = nullptr; ///< Of the similar items; null: all may be returned.
};

/// One batch of work for a worker.
struct stage_work {
  std::vector<stage_task_ptr> tasks; ///< Empty if the worker only helps with `shared`.
  /// The retrieval for these tasks or for another worker's; may be null.
  std::shared_ptr<shared_retrieval> shared;
};

} // namespace winnow
