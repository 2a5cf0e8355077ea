#include "actors/stages/candidate_generator.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "models/narrowed_candidates.hpp"
#include "models/recall/shared_retrieval.hpp"

namespace winnow {

namespace {

/// Generates the candidates of users, and further ones for those who know some.
std::vector<result<ranked_list>> generate(const model_set& models, gsl::span<const ranking_task> tasks,
                                          std::size_t keep, cascade_scratch& work, shared_retrieval* shared) {
  std::vector<const user_context*> users;
  users.reserve(tasks.size());
  for (const auto& task : tasks)
    if (task.candidates == nullptr)
      users.push_back(task.user);
  auto first_ones = generate_candidates(models, users, keep, work, shared);
  auto next = first_ones.begin();
  std::vector<result<ranked_list>> lists;
  lists.reserve(tasks.size());
  for (const auto& task : tasks)
    if (task.candidates == nullptr)
      lists.emplace_back(std::move(*next++));
    else
      lists.emplace_back(further_candidates(models, *task.user, *task.candidates, keep, work));
  return lists;
}

std::vector<result<ranked_list>> find_similar(const model_set& models, gsl::span<const ranking_task> tasks,
                                              std::size_t keep, cascade_scratch& work) {
  std::vector<similar_query> items;
  items.reserve(tasks.size());
  for (const auto& task : tasks)
    items.push_back({*task.similar_to, task.allowed});
  auto lists = similar_items(models, items, keep, work.similar, work.merge.transitions);
  return {std::make_move_iterator(lists.begin()), std::make_move_iterator(lists.end())};
}

/// Helps another worker with its retrieval. Returns no replies.
stage_replies assist(const stage_worker_parts& parts, shared_retrieval& shared, cascade_scratch& work) {
  const activity helping(*parts.record, "helping with a batch");
  shared.assist(work.retrieval);
  return std::make_shared<const std::vector<stage_reply>>();
}

} // namespace

bool can_be_shared(const stage_task& task) {
  constexpr std::size_t least_rows = 16'000; // a smaller table is read before a helper has woken up
  return !task.similar_to && !task.candidates && source_of(*task.user) != list_source::popular &&
         task.models->items.size() >= least_rows && !task.models->index->current();
}

stage_worker_actor::behavior_type
candidate_generator(stage_worker_actor::stateful_pointer<candidate_generator_state> self,
                    const stage_worker_parts& parts) {
  self->set_exception_handler(crash_reason);
  return {[self, parts](rank_atom, const stage_batch& batch) {
            if (batch->tasks.empty() && batch->shared)
              return assist(parts, *batch->shared, self->state.work);
            const auto function = [&](const model_set& models, gsl::span<const ranking_task> tasks,
                                      std::size_t keep, cascade_scratch& work) {
              return tasks[0].similar_to ? find_similar(models, tasks, keep, work)
                                         : generate(models, tasks, keep, work, batch->shared.get());
            };
            return run_stage(self->state.name, parts, function, batch->tasks, self->state.work);
          },
          [parts](status_atom) { return status_of(*parts.record); }};
}

} // namespace winnow
