#include "actors/stages/stage_worker.hpp"

namespace winnow {

stage_replies run_stage(std::string_view name, const stage_worker_parts& parts,
                        const stage_function& function, const std::vector<stage_task_ptr>& batch,
                        cascade_scratch& work) {
  const activity scoring(*parts.record, "scoring a batch");
  const auto begin = steady_clock::now();
  parts.record->in_flight(batch.size());
  for (const auto& task : batch)
    task->step.taken(begin, batch.size());
  auto replies = std::make_shared<std::vector<stage_reply>>();
  replies->reserve(batch.size());
  if (parts.faults)
    if (auto ordered = parts.faults->strike(name)) {
      const auto failure = std::make_shared<const result<ranked_list>>(tl::make_unexpected(*ordered));
      replies->assign(batch.size(), failure);
      parts.record->in_flight(0);
      return replies;
    }
  std::vector<ranking_task> tasks;
  for (std::size_t first = 0; first < batch.size();) {
    const stage_task& leader = *batch[first];
    tasks.clear();
    for (std::size_t i = first;
         i < batch.size() && batch[i]->models == leader.models && batch[i]->keep == leader.keep; ++i)
      tasks.push_back(
          {batch[i]->user.get(), batch[i]->candidates.get(), batch[i]->similar_to, batch[i]->allowed.get()});
    for (auto& list : function(*leader.models, tasks, leader.keep, work))
      replies->push_back(std::make_shared<const result<ranked_list>>(std::move(list)));
    first += tasks.size();
  }
  const auto took = steady_clock::now() - begin;
  parts.meters->stages.batch(name, batch.size(), took);
  for (const auto& task : batch)
    task->step.done(begin + took);
  parts.record->took(took, static_cast<std::uint32_t>(batch.size()));
  parts.record->in_flight(0);
  return replies;
}

} // namespace winnow
