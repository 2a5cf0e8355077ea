#include "tools/winnowd/stop_watchdog.hpp"

#include "config/log/log.hpp"
#include "config/log/standard_streams.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <string>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

/// The names of the actors that have done one thing for at least `long_time`.
std::string at_work_for(std::chrono::milliseconds long_time, const std::vector<actor_record_ptr>& records) {
  std::string names;
  for (const auto& record : records) {
    const auto status = record->status();
    if (!status.doing.empty() && status.doing_for > long_time)
      names += (names.empty() ? "" : ", ") + status.name;
  }
  return names;
}

} // namespace

stop_watchdog::stop_watchdog(std::chrono::milliseconds patience)
    : patience_(patience), thread_([this] { watch(); }) {}

stop_watchdog::~stop_watchdog() {
  enter(phase::stopped);
  thread_.join();
}

void stop_watchdog::expect_stop(std::vector<actor_record_ptr> records) {
  {
    const std::lock_guard lock(mutex_);
    records_ = std::move(records);
  }
  enter(phase::stopping);
}

void stop_watchdog::enter(phase next) {
  {
    const std::lock_guard lock(mutex_);
    phase_ = next;
  }
  changed_.notify_one();
}

void stop_watchdog::watch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return phase_ != phase::serving; });
  if (changed_.wait_for(lock, patience_, [&] { return phase_ == phase::stopped; }))
    return;
  log_event(log_level::error, "winnowd", "not all actors stop",
            {{"at_work", at_work_for(patience_ / 2, records_)}});
  flush_standard_streams();
  ::_exit(exit_codes::software);
}

} // namespace winnow
