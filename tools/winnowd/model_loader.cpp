#include "tools/winnowd/model_loader.hpp"

#include "tools/winnowd/load_and_warm.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace winnow {

/// Outlives the loader where a load is left behind.
struct model_loader::shared_state {
  explicit shared_state(settings wanted) : options(std::move(wanted)) {}

  const settings options;
  std::mutex mutex; ///< For what follows. Held while a taker runs, so that none does once it is over.
  std::condition_variable changed;
  taker asked; ///< Empty: nobody asks.
  bool loading = false;
  bool over = false;
};

model_loader::model_loader(settings options)
    : shared_(std::make_shared<shared_state>(std::move(options))),
      thread_([shared = shared_] { run(shared); }) {}

void model_loader::run(const std::shared_ptr<shared_state>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->asked || shared->over; });
    if (shared->over)
      return;
    const taker take = std::exchange(shared->asked, nullptr);
    shared->loading = true;
    lock.unlock();
    auto models = load_and_warm(shared->options);
    lock.lock();
    shared->loading = false;
    if (!shared->over)
      take(std::move(models));
  }
}

void model_loader::load(taker take) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->asked = std::move(take);
  }
  shared_->changed.notify_one();
}

void model_loader::give_up() {
  if (!thread_.joinable())
    return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->over = true;
    left_behind_ = shared_->loading;
  }
  shared_->changed.notify_one();
  if (left_behind_)
    thread_.detach();
  else
    thread_.join();
}

} // namespace winnow
