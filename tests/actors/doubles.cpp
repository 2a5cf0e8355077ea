#include "doubles.hpp"

#include "actors/runtime/crash_reason.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace winnow::test {

namespace {

template<class Pointer, class Question, class Reply>
caf::result<Reply> act(Pointer self, script<Question, Reply>& acts, const Question& question) {
  using manner = typename script<Question, Reply>::manner;
  acts.seen.push_back(question);
  switch (acts.how) {
  case manner::crash:
    throw std::runtime_error("crash requested by the test");
  case manner::hold:
    acts.held.push_back({question, self->template make_response_promise<Reply>(), self});
    return acts.held.back().promise;
  case manner::answer:
    break;
  }
  return acts.answer(question);
}

stage_reply list_of(std::vector<scored_item> items) {
  return std::make_shared<const result<ranked_list>>(
      ranked_list{list_source::personalised, std::move(items)});
}

} // namespace

std::shared_ptr<worker_script> make_worker_script() {
  auto acts = std::make_shared<worker_script>();
  acts->answer = [](const stage_batch& batch) {
    auto replies = std::make_shared<std::vector<stage_reply>>();
    for (const auto& task : batch->tasks)
      replies->push_back(list_of({{static_cast<std::uint32_t>(task->keep), 1.0f}}));
    return stage_replies(std::move(replies));
  };
  return acts;
}

std::shared_ptr<stage_script> make_stage_script() {
  auto acts = std::make_shared<stage_script>();
  acts->answer = [](const stage_task_ptr& task) {
    auto items = task->candidates->items;
    std::reverse(items.begin(), items.end());
    items.resize(std::min(items.size(), task->keep));
    return list_of(std::move(items));
  };
  return acts;
}

std::shared_ptr<recommender_script> make_recommender_script() {
  auto acts = std::make_shared<recommender_script>();
  acts->answer = [](const recommendation_request_ptr&) {
    return std::make_shared<const result<recommendation>>(recommendation{});
  };
  return acts;
}

std::shared_ptr<gateway_script> make_gateway_script(std::shared_ptr<memory_core> core) {
  auto acts = std::make_shared<gateway_script>();
  acts->answer = [store = std::make_shared<memory_store>(std::move(core))](const store_commands& commands) {
    return std::make_shared<const std::vector<store_reply>>(store->execute(*commands));
  };
  return acts;
}

stage_worker_actor::behavior_type scripted_worker(stage_worker_actor::pointer self,
                                                  std::shared_ptr<worker_script> acts) {
  self->set_exception_handler(crash_reason);
  return {[self, acts](rank_atom, const stage_batch& batch) { return act(self, *acts, batch); },
          [](status_atom) { return actor_status_ptr(); }};
}

stage_actor::behavior_type scripted_stage(stage_actor::pointer self, std::shared_ptr<stage_script> acts) {
  self->set_exception_handler(crash_reason);
  return {[self, acts](rank_atom, const stage_task_ptr& task) { return act(self, *acts, task); },
          [](scale_atom, std::uint64_t workers) {
            return std::make_shared<const result<std::uint64_t>>(workers);
          },
          [](status_atom) { return actor_status_ptr(); }};
}

recommender_actor::behavior_type scripted_recommender(recommender_actor::pointer self,
                                                      std::shared_ptr<recommender_script> acts) {
  self->set_exception_handler(crash_reason);
  return {[self, acts](recommend_atom, const recommendation_request_ptr& request) {
            return act(self, *acts, request);
          },
          [](wire_atom, const neighbours_ptr&) {}, [](status_atom) { return actor_status_ptr(); }};
}

redis_gateway_actor::behavior_type scripted_gateway(redis_gateway_actor::pointer self,
                                                    std::shared_ptr<gateway_script> acts) {
  self->set_exception_handler(crash_reason);
  const auto unscripted = [] { return fail(fault::unsupported, "not scripted"); };
  return {[self, acts](execute_atom, const store_commands& commands) { return act(self, *acts, commands); },
          [self, acts](execute_atom, const store_commands& commands, const traced_steps&) {
            return act(self, *acts, commands);
          },
          [unscripted](scan_atom, key_family, std::uint64_t, std::uint64_t) -> scan_reply {
            return std::make_shared<const result<scan_page>>(unscripted());
          },
          [unscripted](count_atom) -> count_reply {
            return std::make_shared<const result<std::uint64_t>>(unscripted());
          },
          [](status_atom) { return actor_status_ptr(); }};
}

} // namespace winnow::test
