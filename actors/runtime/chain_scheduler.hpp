#pragma once

#include "actors/runtime/run_queue.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/policy/unprofiled.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace winnow {

/// A `run_queue` and an overseer thread that replaces worker threads whose actor hangs.
class chained_threads {
public:
  explicit chained_threads(caf::scheduler::abstract_coordinator* coordinator);
  ~chained_threads();
  chained_threads(const chained_threads&) = delete;
  chained_threads& operator=(const chained_threads&) = delete;

  run_queue& queue() noexcept { return queue_; }

private:
  void watch_threads();

  run_queue queue_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread overseer_;
};

/// A CAF scheduling policy: work sharing through a `run_queue`.
class chain_scheduler : public caf::policy::unprofiled {
public:
  using coordinator_data = chained_threads;

  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
    bool begun = false;
  };

  template<class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* ready) {
    d(self).queue().push(ready);
  }

  template<class Worker>
  void external_enqueue(Worker* self, caf::resumable* ready) {
    d(self->parent()).queue().push(ready);
  }

  template<class Worker>
  void internal_enqueue(Worker* self, caf::resumable* ready) {
    d(self->parent()).queue().push_next(self->id(), ready);
  }

  /// Called if the job yields to others.
  template<class Worker>
  void resume_job_later(Worker* self, caf::resumable* ready) {
    d(self->parent()).queue().push(ready);
  }

  template<class Worker>
  caf::resumable* dequeue(Worker* self) {
    if (!d(self).begun) {
      d(self).begun = true;
      prepare_thread();
    }
    return d(self->parent()).queue().take(self->id());
  }

  template<class Worker>
  void before_shutdown(Worker* self) {
    d(self->parent()).queue().leave(self->id());
  }

  template<class Worker, class Function>
  void foreach_resumable(Worker*, Function) {} // all remaining jobs are in the central queue

  template<class Coordinator, class Function>
  void foreach_central_resumable(Coordinator* self, Function function) {
    while (auto* left = d(self).queue().take_left())
      function(left);
  }

private:
  /// Names the calling thread and lowers its priority below the threads that accept requests. Otherwise,
  /// under overload, a refusal would wait for a processor as long as a batch takes.
  static void prepare_thread();
};

/// Makes a system built from `config` use `chain_scheduler` and run at most `at_once` actors concurrently.
void schedule_in_chains(caf::actor_system_config& config, std::size_t at_once);

/// Returns how many more actors could run right now. The config of `system` must have been passed to
/// `schedule_in_chains`.
std::size_t idle_processors(caf::actor_system& system);

/// Changes how many actors may run at the same time. The config of `system` must have been passed to
/// `schedule_in_chains`.
void allow_at_once(caf::actor_system& system, std::size_t at_once);

} // namespace winnow
