#include "tools/winnowd/model_loader.hpp"

#include "tools/winnowd/load_and_warm.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace winnow {

/// Outlives the loader if a load is abandoned.
struct model_loader::shared_state {
  explicit shared_state(settings wanted) : options(std::move(wanted)) {}

  const settings options;
  std::mutex
      mutex; ///< Guards what follows. Held while a receiver runs, so that none runs once `over` is set.
  std::condition_variable changed;
  receiver requested; ///< Empty if no load is requested.
  bool loading = false;
  bool over = false;
};

model_loader::model_loader(settings options)
    : shared_(std::make_shared<shared_state>(std::move(options))),
      thread_([shared = shared_] { run(shared); }) {}

void model_loader::run(const std::shared_ptr<shared_state>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->requested || shared->over; });
    if (shared->over)
      return;
    const receiver receive = std::exchange(shared->requested, nullptr);
    shared->loading = true;
    lock.unlock();
    auto models = load_and_warm(shared->options);
    lock.lock();
    shared->loading = false;
    if (!shared->over)
      receive(std::move(models));
  }
}

void model_loader::load(receiver receive) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->requested = std::move(receive);
  }
  shared_->changed.notify_one();
}

void model_loader::give_up() {
  if (!thread_.joinable())
    return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->over = true;
    abandoned_ = shared_->loading;
  }
  shared_->changed.notify_one();
  if (abandoned_)
    thread_.detach();
  else
    thread_.join();
}

} // namespace winnow
