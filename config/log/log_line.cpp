#include "config/log/log_line.hpp"

#include "config/settings/table/setting_value.hpp"
#include "config/text/quoted_text.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

std::atomic<log_format> format_of_process{log_format::text};

// UTC with milliseconds, in RFC 3339 format.
std::string timestamp(std::chrono::system_clock::time_point time) {
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(since_epoch - seconds).count();
  const auto whole = static_cast<std::time_t>(seconds.count());
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(milliseconds));
  return std::string(text.data(), length) + fraction.data();
}

// Whether a value needs no quotes in `name=value`.
bool is_plain(std::string_view text) {
  if (text.empty())
    return false;
  for (const char c : text)
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) // includes all non-ASCII bytes
      return false;
  return true;
}

struct text_value {
  std::string operator()(const std::string& value) const {
    return is_plain(value) ? value : quoted_text(value);
  }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(double value) const {
    std::array<char, 32> text{};
    const auto length = std::snprintf(text.data(), text.size(), "%.6g", value);
    return {text.data(), static_cast<std::size_t>(length)};
  }
  template<class Integer>
  std::string operator()(Integer value) const {
    return std::to_string(value);
  }
};

} // namespace

std::string text_line(const log_record& record) {
  auto line = timestamp(record.time);
  const auto level = to_string(record.level);
  constexpr std::size_t level_width = 5;
  line.append(" ")
      .append(level)
      .append(level.size() < level_width ? level_width - level.size() : 0, ' ')
      .append(" ");
  line.append(record.component).append(" ").append(record.event);
  for (const auto& field : record.fields)
    line.append(" ").append(field.name).append("=").append(std::visit(text_value{}, field.value));
  return line;
}

std::string json_line(const log_record& record) {
  nlohmann::ordered_json line;
  line["time"] = timestamp(record.time);
  line["level"] = to_string(record.level);
  line["component"] = record.component;
  line["event"] = record.event;
  for (const auto& field : record.fields)
    std::visit([&](const auto& value) { line[std::string(field.name)] = value; }, field.value);
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void log_line_format(log_format format) noexcept {
  format_of_process = format;
}

std::string log_line(const log_record& record) {
  return format_of_process == log_format::json ? json_line(record) : text_line(record);
}

} // namespace winnow
