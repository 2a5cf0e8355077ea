#include "config/log/log.hpp"

#include "config/log/event_ring.hpp"
#include "config/log/log_line.hpp"

#include <atomic>
#include <memory>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace winnow {

namespace {

spdlog::level::level_enum native(log_level level) noexcept {
  switch (level) {
  case log_level::trace:
    return spdlog::level::trace;
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warning:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::unique_ptr<spdlog::logger> make_logger() {
  auto made = std::make_unique<spdlog::logger>("winnow", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  made->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  made->set_level(native(log_level::info));
  made->flush_on(spdlog::level::trace);
  return made;
}

// Never destroyed: threads that outlive main's static objects may still log.
spdlog::logger& logger() {
  static auto* const instance = make_logger().release();
  return *instance;
}

std::atomic<log_format> format{log_format::text};

} // namespace

void configure_log(const log_settings& settings) {
  format = settings.format;
  log_threshold(settings.level);
}

void log_threshold(log_level level) noexcept {
  logger().set_level(native(level));
}

bool log_enabled(log_level level) noexcept {
  return logger().should_log(native(level));
}

namespace {

void write(const log_record& record) {
  if (!log_enabled(record.level))
    return;
  const auto line = format == log_format::json ? json_line(record) : text_line(record);
  logger().log(native(record.level), spdlog::string_view_t(line.data(), line.size()));
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

} // namespace winnow
