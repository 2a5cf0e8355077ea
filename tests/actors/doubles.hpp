#pragma once

#include "actors/interfaces.hpp"
#include "actors/stage_messages.hpp"
#include "redis/memory_store.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <deque>
#include <functional>
#include <vector>

/// Scripted actors that stand in for an actor's neighbours.
namespace winnow::test {

/// How a scripted actor answers, and which requests it has received. Shared by the test and the actor without
/// locks: the actor system must run in the test's own thread.
template<class Question, class Reply>
struct script {
  enum class manner { answer, hold, crash };

  manner how = manner::answer;
  std::function<Reply(const Question&)> answer;
  std::vector<Question> seen;

  /// A request that is not answered yet.
  struct held_question {
    Question question;
    caf::typed_response_promise<Reply> promise;
    caf::local_actor* holder;
  };
  std::deque<held_question> held;

  /// Answers the oldest held request. The answer is delivered when the actors run.
  void release_first() {
    auto first = std::move(held.front());
    held.pop_front();
    first.holder->context(nullptr); // the promise must not assume that the holder is running
    first.promise.deliver(answer(first.question));
  }

  /// Answers all held requests. Further requests are answered immediately.
  void release() {
    how = manner::answer;
    while (!held.empty())
      release_first();
  }
};

using worker_script = script<stage_batch, stage_replies>;
using stage_script = script<stage_task_ptr, stage_reply>;
using recommender_script = script<recommendation_request_ptr, recommendation_reply>;
using gateway_script = script<store_commands, store_replies>;

/// A worker that replies to each task with a list of one item, whose index is the task's `keep`.
std::shared_ptr<worker_script> make_worker_script();

/// A stage that passes on the last `keep` candidates in reverse order.
std::shared_ptr<stage_script> make_stage_script();

/// A recommender that answers with empty lists.
std::shared_ptr<recommender_script> make_recommender_script();

/// A gateway that runs commands on a memory store. It can neither list nor count keys.
std::shared_ptr<gateway_script> make_gateway_script(std::shared_ptr<memory_core> core);

stage_worker_actor::behavior_type scripted_worker(stage_worker_actor::pointer self,
                                                  std::shared_ptr<worker_script> acts);
stage_actor::behavior_type scripted_stage(stage_actor::pointer self, std::shared_ptr<stage_script> acts);
recommender_actor::behavior_type scripted_recommender(recommender_actor::pointer self,
                                                      std::shared_ptr<recommender_script> acts);
redis_gateway_actor::behavior_type scripted_gateway(redis_gateway_actor::pointer self,
                                                    std::shared_ptr<gateway_script> acts);

} // namespace winnow::test
