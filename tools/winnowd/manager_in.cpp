#include "tools/winnowd/manager_in.hpp"

#include "config/log/log.hpp"

namespace winnow {

namespace {

constexpr const char* program = "winnowd";
constexpr std::chrono::seconds least_watchdog{5}; ///< Progress is reported once a second.

std::int64_t milliseconds(std::chrono::microseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

} // namespace

service_manager manager_in(const environment& variables) {
  auto manager = service_manager::named_by(variables);
  if (!manager) {
    log_event(log_level::warning, program, "the service manager is told nothing",
              {{"reason", manager.error().message}});
    return {};
  }
  const auto watchdog = manager->watchdog();
  if (watchdog.count() > 0 && watchdog < least_watchdog)
    log_event(log_level::warning, program, "the watchdog is too short",
              {{"watchdog_ms", milliseconds(watchdog)}, {"least_ms", milliseconds(least_watchdog)}});
  return std::move(*manager);
}

} // namespace winnow
