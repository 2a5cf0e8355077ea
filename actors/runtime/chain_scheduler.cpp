#include "actors/runtime/chain_scheduler.hpp"

#include "config/log/log.hpp"
#include "config/log/standard_streams.hpp"
#include "config/system/thread_priority.hpp"

#include <caf/actor_system.hpp>
#include <caf/string_view.hpp>
#include <chrono>
#include <cstdlib>
#include <pthread.h>

namespace winnow {

namespace {

constexpr caf::string_view threads_key = "scheduler.max-threads";

// Threads that replace those whose actor hangs. All stages together lose fewer threads than this before they
// are down.
constexpr std::size_t min_spare_threads = 24;
constexpr std::size_t threads_per_running_actor = 4;

// Longer than any reasonable batch, shorter than a request's deadline.
constexpr std::chrono::milliseconds blocked_after{100};

// After this many checks in a row with waiting work and no thread left to run it, the process must be
// restarted.
constexpr int max_failed_checks = 100;
constexpr int internal_software_error = 70; // EX_SOFTWARE of sysexits.h

std::size_t threads_for(std::size_t at_once) {
  return min_spare_threads + threads_per_running_actor * at_once;
}

std::size_t threads_of(const caf::scheduler::abstract_coordinator& coordinator) {
  return caf::get_or(coordinator.config(), threads_key, threads_for(1));
}

run_queue& queue_of(caf::actor_system& system) {
  // `schedule_in_chains` loaded this type as the scheduler.
  return static_cast<caf::scheduler::coordinator<chain_scheduler>&>(system.scheduler()).data().queue();
}

} // namespace

chained_threads::chained_threads(caf::scheduler::abstract_coordinator* coordinator)
    : queue_(threads_of(*coordinator),
             (threads_of(*coordinator) - min_spare_threads) / threads_per_running_actor),
      overseer_([this] { watch_threads(); }) {}

chained_threads::~chained_threads() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  overseer_.join();
}

void chained_threads::watch_threads() {
  std::unique_lock lock(mutex_);
  int failed_checks = 0;
  while (!over_.wait_for(lock, blocked_after, [this] { return is_over_; })) {
    failed_checks = queue_.pass_over_blocked() ? 0 : failed_checks + 1;
    if (failed_checks == max_failed_checks) {
      log_event(log_level::error, "winnowd", "all threads hang", {{"advice", "restart the process"}});
      flush_standard_streams();
      std::_Exit(internal_software_error);
    }
  }
}

void chain_scheduler::prepare_thread() {
  ::pthread_setname_np(::pthread_self(), "winnow.compute");
  constexpr int nicer = 5; // a third of the weight of normal threads
  lower_thread_priority(nicer, "computing");
}

void schedule_in_chains(caf::actor_system_config& config, std::size_t at_once) {
  config.load<caf::scheduler::coordinator<chain_scheduler>>();
  config.set(threads_key, threads_for(at_once));
}

void allow_at_once(caf::actor_system& system, std::size_t at_once) {
  queue_of(system).allow(at_once);
}

std::size_t idle_processors(caf::actor_system& system) {
  return queue_of(system).room();
}

} // namespace winnow
