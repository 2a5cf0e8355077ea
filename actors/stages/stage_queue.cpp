#include "actors/stages/stage_queue.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Searches gain little from larger batches, which would occupy a worker for longer.
constexpr std::size_t most_searches = 8;

/// Returns when the first of these jobs was accepted; the latest possible time if there is none.
steady_clock::time_point oldest_in(const std::deque<stage_job>& jobs) {
  return jobs.empty() ? steady_clock::time_point::max() : jobs.front().accepted();
}

} // namespace

std::optional<error> stage_queue::admission_error(const stage_task& task,
                                                  std::chrono::nanoseconds batch_time) const {
  if (waiting() >= settings_.capacity)
    return error{fault::overloaded, std::to_string(settings_.capacity) + " tasks are already waiting"};
  if (task.priority == urgency::interactive &&
      steady_clock::now() > full_at(task.similar_to ? similar_ : interactive_, batch_time))
    return error{fault::overloaded, "tasks already wait too long"};
  return std::nullopt;
}

/// Returns the time from which no more tasks are admitted to a queue, unless workers take some before.
steady_clock::time_point stage_queue::full_at(const job_queue& queue,
                                              std::chrono::nanoseconds batch_time) const {
  if (queue.empty())
    return steady_clock::time_point::max();
  return queue.front().accepted() +
         std::max<std::chrono::nanoseconds>(settings_.max_task_wait, 2 * batch_time);
}

stage_queue::job_queue& stage_queue::queue_of(const stage_task& task) {
  if (task.similar_to)
    return similar_;
  return task.priority == urgency::interactive ? interactive_ : background_;
}

void stage_queue::push(stage_job job) {
  auto& queue = queue_of(*job.task());
  queue.push_back(std::move(job));
}

/// How many of the waiting tasks a worker takes. More than a batch are divided evenly: a batch and a small
/// rest would leave the workers that get the rest without work while the others compute.
std::size_t stage_queue::batch_size(std::size_t workers) const {
  const auto parts = [](std::size_t all, std::size_t most) { return (all + most - 1) / most; };
  const std::size_t share = parts(waiting(), workers);
  return parts(share, std::max<std::size_t>(parts(share, settings_.max_batch), 1));
}

std::vector<stage_job> stage_queue::take(std::size_t workers, bool searches) {
  const std::size_t size = batch_size(workers);
  const auto now = steady_clock::now();
  const bool similar_first = oldest_in(similar_) < oldest_in(interactive_);
  std::vector<stage_job> batch;
  batch.reserve(std::min(size, waiting()));
  for (auto* queue :
       {similar_first ? &similar_ : &interactive_, similar_first ? &interactive_ : &similar_, &background_}) {
    const bool fits = batch.empty() || batch.front().task()->similar_to.has_value() == (queue == &similar_);
    const std::size_t most = searches ? most_searches : 0;
    const std::size_t room = queue == &similar_ ? std::min(size, most) : size;
    while (fits && batch.size() < room && !queue->empty()) {
      stage_job next = std::move(queue->front());
      queue->pop_front();
      if (next.task()->deadline <= now)
        next.refuse(fault::timeout, "the deadline passed while the task waited");
      else
        batch.push_back(std::move(next));
    }
  }
  return batch;
}

void stage_queue::refuse_all(fault cause, const std::string& message) {
  for (auto* queue : {&interactive_, &similar_, &background_}) {
    for (auto& job : *queue)
      job.refuse(cause, message);
    queue->clear();
  }
}

} // namespace winnow
