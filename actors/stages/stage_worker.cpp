#include "actors/stages/stage_worker.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace winnow {

namespace {

bool are_together(const stage_task& a, const stage_task& b) {
  return a.models == b.models && a.keep == b.keep;
}

/// The places of the tasks, those that are computed together one after the other.
std::vector<std::size_t> grouped(const std::vector<stage_task_ptr>& batch) {
  std::vector<std::size_t> order(batch.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (std::all_of(batch.begin(), batch.end(),
                  [&](const stage_task_ptr& task) { return are_together(*task, *batch.front()); }))
    return order;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(batch[a]->models.get(), batch[a]->keep) <
           std::tuple(batch[b]->models.get(), batch[b]->keep);
  });
  return order;
}

} // namespace

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
  replies->resize(batch.size());
  const auto order = grouped(batch);
  std::vector<ranking_task> tasks;
  tasks.reserve(order.size());
  for (std::size_t first = 0; first < order.size();) {
    const stage_task& leader = *batch[order[first]];
    tasks.clear();
    for (auto i = first; i < order.size() && are_together(*batch[order[i]], leader); ++i) {
      const stage_task& task = *batch[order[i]];
      tasks.push_back({task.user.get(), task.candidates.get(), task.similar_to, task.allowed.get()});
    }
    for (auto& list : function(*leader.models, tasks, leader.keep, work))
      (*replies)[order[first++]] = std::make_shared<const result<ranked_list>>(std::move(list));
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
