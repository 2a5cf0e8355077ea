#pragma once

#include "config/settings/settings.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace winnow {

/// A value in a log event.
using log_value = std::variant<std::string, std::int64_t, std::uint64_t, double, bool>;

/// One named value of a log event.
struct log_field {
  std::string_view name;
  log_value value;

  log_field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  log_field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  log_field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  log_field(std::string_view n, double v) : name(n), value(v) {}
  log_field(std::string_view n, bool v) : name(n), value(v) {}
  template<class Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
  log_field(std::string_view n, Integer v) : name(n) {
    if constexpr (std::is_signed_v<Integer>)
      value = static_cast<std::int64_t>(v);
    else
      value = static_cast<std::uint64_t>(v);
  }
};

/// Sets level and format of the whole process. Called once, before other threads start.
void configure_log(const log_settings& settings);

/// Changes the level while running. Thread-safe.
void log_threshold(log_level level) noexcept;

/// Whether events of this level are written. Lets callers skip fields that are costly to compute.
bool log_enabled(log_level level) noexcept;

/// Writes one event as one line to standard error, e.g.
/// `2026-01-31T12:00:00.123Z info  redis_gateway connected address=redis://localhost:6379/0` (text) or
/// `{"time":"…","level":"info","component":"redis_gateway","event":"connected","address":"…"}` (json).
/// Thread-safe. Control characters in values are escaped, so an event is always exactly one line.
/// Events of level `info` or higher are also kept for operators, whatever the current level: see
/// event_ring.hpp.
void log_event(log_level level, std::string_view component, std::string_view event,
               std::initializer_list<log_field> fields = {});

/// Like `log_event`, for frequent events such as requests: they are written but not kept.
void log_routine(log_level level, std::string_view component, std::string_view event,
                 std::initializer_list<log_field> fields = {});

/// Like `log_routine`, for events that a setting asks for, such as the access log: the level is that of the
/// line, and they are written even if the current one is higher.
void log_requested(log_level level, std::string_view component, std::string_view event,
                   std::initializer_list<log_field> fields = {});

} // namespace winnow
