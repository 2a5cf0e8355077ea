#pragma once

#include "actors/status/actor_record.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace winnow {

/// Ends the process if the actors do not stop in time: their system waits for every one of them, for ever if
/// one hangs. Its thread begins long before that, as there may be no room for another one in the end.
class stop_watchdog {
public:
  explicit stop_watchdog(std::chrono::milliseconds patience);

  /// Everything has stopped.
  ~stop_watchdog();

  stop_watchdog(const stop_watchdog&) = delete;
  stop_watchdog& operator=(const stop_watchdog&) = delete;

  /// From now on, the actors have `patience` to stop. If they do not, the names of those that have done one
  /// thing for most of that time are logged, and the process exits with code 70. Called once.
  void expect_stop(std::vector<actor_record_ptr> records);

private:
  enum class phase { serving, stopping, stopped };

  void watch();
  void enter(phase next);

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  phase phase_ = phase::serving;
  std::vector<actor_record_ptr> records_;
  std::thread thread_; ///< The last member, as it uses the others.
};

} // namespace winnow
