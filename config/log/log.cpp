#include "config/log/log.hpp"

#include "config/log/event_ring.hpp"
#include "config/log/log_line.hpp"
#include "config/log/standard_streams.hpp"

#include <atomic>

namespace winnow {

namespace {

std::atomic<log_level> threshold{log_level::info};
} // namespace

void configure_log(const log_settings& settings) {
  log_line_format(settings.format);
  log_threshold(settings.level);
  start_standard_streams();
}

void log_threshold(log_level level) noexcept {
  threshold = level;
}

bool log_enabled(log_level level) noexcept {
  return level >= threshold;
}

namespace {

void write(const log_record& record) {
  if (log_enabled(record.level))
    write_error_line(log_line(record));
}

} // namespace

void log_event(log_level level, std::string_view component, std::string_view event,
               std::initializer_list<log_field> fields) {
  const bool noteworthy = level >= log_level::info;
  if (!noteworthy && !log_enabled(level))
    return;
  const log_record record{std::chrono::system_clock::now(), level, component, event, fields};
  if (noteworthy)
    kept_events().add(record);
  write(record);
}

void log_routine(log_level level, std::string_view component, std::string_view event,
                 std::initializer_list<log_field> fields) {
  write({std::chrono::system_clock::now(), level, component, event, fields});
}

void log_requested(log_level level, std::string_view component, std::string_view event,
                   std::initializer_list<log_field> fields) {
  write_error_line(log_line({std::chrono::system_clock::now(), level, component, event, fields}));
}

} // namespace winnow
