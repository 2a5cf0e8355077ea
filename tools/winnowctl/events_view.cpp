#include "tools/winnowctl/events_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

namespace winnow {

namespace {

using nlohmann::json;

std::string padded(std::string text, std::size_t columns) {
  if (const auto taken = columns_of(text); taken < columns)
    text.append(columns - taken, ' ');
  return text;
}

std::string line_of(const json& event) {
  auto line = local_time(event.at("time").get<double>(), "%F %T ") +
              padded(harmless(event.at("level").get<std::string>()), 7) + " " +
              padded(harmless(event.at("component").get<std::string>()), 19) + " " +
              harmless(event.at("event").get<std::string>());
  if (const auto count = event.at("count").get<std::uint64_t>(); count > 1)
    line += " (" + std::to_string(count) + " times since " +
            local_time(event.at("first_time").get<double>(), "%T") + ")";
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
