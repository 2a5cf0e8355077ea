#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace caf {
class resumable;
}

namespace winnow {

/// The actors that are ready to run, shared by the threads that run them.
///
/// If a running actor sends a message to an idle one, that actor runs next on the same thread. A request thus
/// passes from actor to actor without waking another thread, which would cost tens of microseconds each time.
/// Each thread holds at most one such actor. All others wait in a shared queue, and each wakes a thread. The
/// schedulers of Go and Tokio do the same.
///
/// There are more threads than may run jobs at the same time. A thread that stays in the same job for too
/// long is not counted as running until it returns, so hanging actors do not block the others.
class run_queue {
public:
  using job = caf::resumable*;

  /// @param threads How many threads will call `take`.
  /// @param at_once How many of them may run jobs at the same time.
  run_queue(std::size_t threads, std::size_t at_once);

  /// Adds a job to the shared queue. Called on any thread.
  void push(job ready);

  /// Makes `ready` the next job of `thread` if that place is free, else adds it to the shared queue. Called
  /// on that thread, by the job that it runs.
  void push_next(std::size_t thread, job ready);

  /// Returns the next job for `thread`; blocks until there is one.
  job take(std::size_t thread);

  /// Declares that `thread` will take no more jobs.
  void leave(std::size_t thread);

  /// Sets how many threads may run jobs at the same time; the number of threads limits it further.
  void allow(std::size_t at_once);

  /// Returns how many more jobs could run right now; 0 while any job waits.
  std::size_t room() const;

  /// Replaces threads that are still in the same job as at the last call: others run in their place and take
  /// over the jobs that wait for them.
  /// @return False if jobs wait and no thread is left to run them.
  bool pass_over_blocked();

  /// Returns a job that remains after all threads have left, or null.
  job take_left();

private:
  /// Aligned to a cache line to avoid false sharing between threads.
  struct alignas(64) runner {
    std::atomic<job> next{nullptr};
    std::atomic<std::uint64_t> begun{0}; ///< Number of jobs begun.
    std::atomic<bool> passed_over{false};
    unsigned in_a_row = 0; ///< Jobs taken from `next` since the last one from the queue. Thread-private.
    // The members below are guarded by the mutex.
    std::uint64_t begun_before = 0; ///< Value of `begun` at the last `pass_over_blocked`.
    bool counted = false;           ///< Whether the thread counts as running.
    bool called = false;
    std::condition_variable wake;
  };

  job begin(runner& own, job taken);
  void rejoin(runner& own);
  bool admit(runner& own);
  void park(std::size_t thread, std::unique_lock<std::mutex>& lock);
  runner* call_one();

  std::vector<runner> runners_;
  mutable std::mutex mutex_;
  std::deque<job> ready_;
  std::size_t at_once_;
  std::size_t running_ = 0;
  std::vector<std::size_t> parked_; ///< The last one to park is called first, as its caches are warm.
};

} // namespace winnow
