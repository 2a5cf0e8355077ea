#include "actors/runtime/run_queue.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Two actors that keep messaging each other must not starve the rest.
constexpr unsigned longest_row = 64;

} // namespace

run_queue::run_queue(std::size_t threads, std::size_t at_once)
    : runners_(threads), at_once_(std::max<std::size_t>(at_once, 1)) {
  parked_.reserve(threads);
}

void run_queue::push(job ready) {
  runner* called = nullptr;
  {
    const std::lock_guard lock(mutex_);
    ready_.push_back(ready);
    called = call_one();
  }
  if (called != nullptr)
    called->wake.notify_one();
}

void run_queue::push_next(std::size_t thread, job ready) {
  runner& own = runners_[thread];
  job none = nullptr;
  if (own.passed_over.load() || !own.next.compare_exchange_strong(none, ready))
    return push(ready);
  if (own.passed_over.load()) // passed over meanwhile, so other threads may have missed the job
    if (const job unseen = own.next.exchange(nullptr))
      push(unseen);
}

run_queue::job run_queue::take(std::size_t thread) {
  runner& own = runners_[thread];
  if (own.in_a_row < longest_row && !own.passed_over.load())
    if (const job next = own.next.exchange(nullptr)) {
      ++own.in_a_row;
      return begin(own, next);
    }
  own.in_a_row = 0;
  std::unique_lock lock(mutex_);
  rejoin(own);
  while (!admit(own) || ready_.empty())
    park(thread, lock);
  const job first = ready_.front();
  ready_.pop_front();
  runner* const called = call_one();
  lock.unlock();
  if (called != nullptr)
    called->wake.notify_one();
  return begin(own, first);
}

run_queue::job run_queue::begin(runner& own, job taken) {
  own.begun.fetch_add(1, std::memory_order_relaxed);
  return taken;
}

/// Moves the thread's own next job to the end of the queue. If the thread was passed over and another runs in
/// its place, it no longer counts as running.
void run_queue::rejoin(runner& own) {
  if (const job next = own.next.exchange(nullptr))
    ready_.push_back(next);
  own.passed_over = false;
  if (own.counted && running_ > at_once_) {
    own.counted = false;
    --running_;
  }
}

/// Counts the thread as running if there is room. Returns whether it counts.
bool run_queue::admit(runner& own) {
  if (!own.counted && running_ < at_once_) {
    own.counted = true;
    ++running_;
  }
  return own.counted;
}

void run_queue::park(std::size_t thread, std::unique_lock<std::mutex>& lock) {
  runner& own = runners_[thread];
  if (own.counted) {
    own.counted = false;
    --running_;
  }
  own.called = false;
  parked_.push_back(thread);
  own.wake.wait(lock, [&] { return own.called; });
  own.passed_over = false;
}

/// Counts one parked thread as running if there is work and room for it.
/// @return The thread, or null. Notify it after releasing the mutex, else it wakes only to wait for that.
run_queue::runner* run_queue::call_one() {
  if (ready_.empty() || running_ >= at_once_ || parked_.empty())
    return nullptr;
  runner& called = runners_[parked_.back()];
  parked_.pop_back();
  called.called = true;
  called.counted = true;
  ++running_;
  return &called;
}

void run_queue::leave(std::size_t thread) {
  runner* called = nullptr;
  {
    const std::lock_guard lock(mutex_);
    runner& own = runners_[thread];
    rejoin(own);
    if (own.counted)
      --running_;
    own.counted = false;
    called = call_one();
  }
  if (called != nullptr)
    called->wake.notify_one();
}

void run_queue::allow(std::size_t at_once) {
  std::vector<runner*> called;
  {
    const std::lock_guard lock(mutex_);
    at_once_ = std::max<std::size_t>(at_once, 1);
    while (auto* one = call_one())
      called.push_back(one);
  }
  for (auto* one : called)
    one->wake.notify_one();
}

std::size_t run_queue::room() const {
  const std::lock_guard lock(mutex_);
  const std::size_t places = at_once_ > running_ ? at_once_ - running_ : 0;
  return ready_.empty() ? std::min(places, parked_.size()) : 0;
}

bool run_queue::pass_over_blocked() {
  std::vector<runner*> called;
  bool going_on = true;
  {
    const std::lock_guard lock(mutex_);
    for (auto& one : runners_) {
      const auto begun = one.begun.load(std::memory_order_relaxed);
      if (one.counted && begun == one.begun_before) {
        one.passed_over = true;
        one.counted = false;
        --running_;
        if (const job next = one.next.exchange(nullptr))
          ready_.push_back(next);
      }
      one.begun_before = begun;
    }
    while (auto* one = call_one())
      called.push_back(one);
    going_on = running_ > 0 || ready_.empty();
  }
  for (auto* one : called)
    one->wake.notify_one();
  return going_on;
}

run_queue::job run_queue::take_left() {
  const std::lock_guard lock(mutex_);
  for (auto& one : runners_)
    if (const job next = one.next.exchange(nullptr))
      return next;
  if (ready_.empty())
    return nullptr;
  const job first = ready_.front();
  ready_.pop_front();
  return first;
}

} // namespace winnow
