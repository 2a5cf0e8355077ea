#include "models/training/support/thread_team.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Jobs follow each other within microseconds, but waking a sleeping thread takes about a hundred. So a thread
// spins for about that long before it sleeps.
constexpr int spins_before_sleep = 20'000;

template<class Condition>
bool spin_until(const Condition& condition) {
  for (int spin = 0; spin < spins_before_sleep; ++spin) {
    if (condition())
      return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return false;
}

} // namespace

thread_team::thread_team(std::size_t threads) {
  for (std::size_t i = 1; i < threads; ++i)
    helpers_.emplace_back([this] { help(); });
}

thread_team::~thread_team() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    ++round_;
  }
  begun_.notify_all();
  for (auto& helper : helpers_)
    helper.join();
}

void thread_team::run(std::size_t parts, const std::function<void(std::size_t)>& work) {
  if (helpers_.empty() || parts < 2) {
    for (std::size_t part = 0; part < parts; ++part)
      work(part);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    work_ = &work;
    parts_ = parts;
    next_ = 0;
    busy_ = helpers_.size();
    ++round_;
  }
  begun_.notify_all();
  take_parts();
  const auto all_done = [&] { return busy_.load() == 0; };
  if (spin_until(all_done))
    return;
  std::unique_lock lock(mutex_);
  done_.wait(lock, all_done);
}

void thread_team::run_ranges(std::size_t count, std::size_t grain,
                             const std::function<void(std::size_t, std::size_t)>& work) {
  run((count + grain - 1) / grain,
      [&](std::size_t part) { work(part * grain, std::min(count, (part + 1) * grain)); });
}

void thread_team::take_parts() {
  for (auto part = next_++; part < parts_; part = next_++)
    (*work_)(part);
}

void thread_team::help() {
  for (std::uint64_t seen = 0;;) {
    const auto is_new = [&] { return round_.load() != seen; };
    if (!spin_until(is_new)) {
      std::unique_lock lock(mutex_);
      begun_.wait(lock, is_new);
    }
    seen = round_.load();
    if (ending_)
      return;
    take_parts();
    // Decremented under the lock: otherwise the caller could check, miss this, and sleep forever.
    const std::lock_guard lock(mutex_);
    if (--busy_ == 0)
      done_.notify_one();
  }
}

} // namespace winnow
