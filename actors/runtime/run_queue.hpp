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

/// The actors that are ready to run, for the threads that run them.
///
/// An actor to which the running one just sent a message is run next on the same thread: a request then goes
/// from actor to actor without waking anybody, where each hand-over to a sleeping thread costs tens of
/// microseconds. Only one actor a thread waits so; others wait in one queue for all, and wake a thread. The
/// schedulers of Go and Tokio do the same.
///
/// There are more threads than may run at once: a thread that is in one and the same actor for too long does
/// not count until it is back, so that an actor that hangs keeps no other from running.
class run_queue {
public:
  using job = caf::resumable*;

  /// @param threads That will call `take`.
  /// @param at_once How many of them may run jobs at the same time.
  run_queue(std::size_t threads, std::size_t at_once);

  /// From any thread.
  void push(job ready);

  /// From a job that `thread` runs.
  void push_next(std::size_t thread, job ready);

  /// The job that `thread` runs now; blocks until there is one.
  job take(std::size_t thread);

  /// `thread` will take no more jobs.
  void leave(std::size_t thread);

  /// How many threads may run jobs at the same time from now on, as far as there are threads.
  void allow(std::size_t at_once);

  /// How many more jobs could run at the same time now; none while any wait.
  std::size_t room() const;

  /// Lets others run in the place of threads that are still in the job that they were in at the last call,
  /// and what waits for them.
  /// @return False where jobs wait and no thread is left to run them.
  bool pass_over_blocked();

  /// A job that is left once all threads have gone, or null.
  job take_left();

private:
  /// Aligned so that no thread disturbs its neighbour by counting.
  struct alignas(64) runner {
    std::atomic<job> next{nullptr};
    std::atomic<std::uint64_t> begun{0}; ///< Jobs, by their number.
    std::atomic<bool> passed_over{false};
    unsigned in_a_row = 0; ///< Jobs taken from `next` since the last from the queue. The thread's own.
    // Below: under the mutex.
    std::uint64_t begun_before = 0; ///< At the last `pass_over_blocked`.
    bool counted = false;           ///< Among those that run.
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
  std::vector<std::size_t> parked_; ///< The last one to park is called first: its memory is still warm.
};

} // namespace winnow
