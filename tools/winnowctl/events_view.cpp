#include "tools/winnowctl/events_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <ctime>

namespace winnow {

namespace {

using nlohmann::json;

std::string clock_text(double unix_time, const char* format) {
  const auto whole = static_cast<std::time_t>(unix_time);
  std::tm parts{};
  localtime_r(&whole, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

std::string padded(std::string text, std::size_t columns) {
  if (const auto taken = columns_of(text); taken < columns)
    text.append(columns - taken, ' ');
  return text;
}

std::string line_of(const json& event) {
  auto line = clock_text(event.at("time").get<double>(), "%F %T ") +
              padded(harmless(event.at("level").get<std::string>()), 7) + " " +
              padded(harmless(event.at("component").get<std::string>()), 19) + " " +
              harmless(event.at("event").get<std::string>());
  if (const auto count = event.at("count").get<std::uint64_t>(); count > 1)
    line += " (" + std::to_string(count) + " times since " +
            clock_text(event.at("first_time").get<double>(), "%T") + ")";
  for (const auto& [name, value] : event.at("fields").items())
    line += " " + harmless(name + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
  return line;
}

} // namespace

std::vector<std::string> event_lines(const json& answer) {
  std::vector<std::string> lines;
  for (const auto& event : answer.at("events"))
    lines.push_back(line_of(event));
  return lines;
}

} // namespace winnow
