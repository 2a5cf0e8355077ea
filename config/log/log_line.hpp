#pragma once

#include "config/log/log.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace winnow {

/// One log event.
struct log_record {
  std::chrono::system_clock::time_point time;
  log_level level;
  std::string_view component;
  std::string_view event;
  std::initializer_list<log_field> fields;
};

/// Formats the event as one line of text, without a line break. Values that contain anything but plain
/// characters are quoted; control characters and bytes that are not UTF-8 are escaped.
std::string text_line(const log_record& record);

/// Formats the event as one line of JSON, without a line break. Bytes that are not UTF-8 become U+FFFD.
std::string json_line(const log_record& record);

/// Sets the format of `log_line` for the whole process. Thread-safe.
void log_line_format(log_format format) noexcept;

/// Formats the event in the process's format; text unless it was set.
std::string log_line(const log_record& record);

} // namespace winnow
