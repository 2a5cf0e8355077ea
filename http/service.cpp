#include "http/service.hpp"

namespace winnow::http {

void service::exchange_ends() {
  if (--in_flight_ > 0 || waiting_ == 0)
    return;
  const std::lock_guard lock(mutex_);
  quiet_.notify_all();
}

bool service::wait_for_quiet(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  ++waiting_;
  const bool quiet = quiet_.wait_for(lock, limit, [&] { return in_flight_ == 0; });
  --waiting_;
  return quiet;
}

} // namespace winnow::http
