#include "tools/winnowd/model_loader.hpp"

#include "tools/winnowd/load_and_warm.hpp"

#include <condition_variable>
#include <deque>
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
  std::deque<std::function<void()>> work;
  bool busy = false;
  bool over = false;
};

model_loader::model_loader(settings options)
    : shared_(std::make_shared<shared_state>(std::move(options))),
      thread_([shared = shared_] { run(shared); }) {}

void model_loader::run(const std::shared_ptr<shared_state>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->requested || !shared->work.empty() || shared->over; });
    if (shared->over)
      return;
    shared->busy = true;
    if (!shared->requested) {
      const auto work = std::move(shared->work.front());
      shared->work.pop_front();
      lock.unlock();
      work();
      lock.lock();
    } else if (const receiver receive = std::exchange(shared->requested, nullptr)) {
      lock.unlock();
      auto models = load_and_warm(shared->options);
      lock.lock();
      if (!shared->over)
        receive(std::move(models));
    }
    shared->busy = false;
  }
}

void model_loader::load(receiver receive) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->requested = std::move(receive);
  }
  shared_->changed.notify_one();
}

result<model_set_ptr> model_loader::load_version(const std::string& version) const {
  auto options = shared_->options;
  options.models.version = version;
  return load_and_warm(options);
}

void model_loader::later(std::function<void()> work) {
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->over)
      return;
    shared_->work.push_back(std::move(work));
  }
  shared_->changed.notify_one();
}

void model_loader::give_up() {
  if (!thread_.joinable())
    return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->over = true;
    abandoned_ = shared_->busy;
    shared_->work.clear();
  }
  shared_->changed.notify_one();
  if (abandoned_)
    thread_.detach();
  else
    thread_.join();
}

} // namespace winnow
