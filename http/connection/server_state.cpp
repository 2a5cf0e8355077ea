#include "http/connection/server_state.hpp"

#include "config/log/log.hpp"

namespace winnow::http {

void server_state::report(const exchange& done) const {
  if (watch.on_exchange)
    watch.on_exchange(done);
  if (settings.access_log)
    log_requested(log_level::info, "http", "request",
                  {{"method", done.method},
                   {"target", done.target},
                   {"route", done.route},
                   {"status", done.status},
                   {"duration_ms", std::chrono::duration<double, std::milli>(done.duration).count()},
                   {"bytes", done.bytes},
                   {"cut", done.cut},
                   {"client", done.client},
                   {"token", done.token},
                   {"request_id", done.request_id},
                   {"trace_id", done.trace},
                   {"context", done.context}});
}

void server_state::log_failure(const flood_limit::report& some) {
  log_event(log_level::error, "http", "handler_failed",
            {{"requests", some.count},
             {"route", some.cause},
             {"reason", some.reason},
             {"request_id", some.subject}});
}

void server_state::exchange_ends() {
  if (--in_flight_ > 0 || waiting_ == 0)
    return;
  const std::lock_guard lock(mutex_);
  quiet_.notify_all();
}

bool server_state::wait_for_quiet(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  ++waiting_;
  const bool quiet = quiet_.wait_for(lock, limit, [&] { return in_flight_ == 0; });
  --waiting_;
  return quiet;
}

} // namespace winnow::http
