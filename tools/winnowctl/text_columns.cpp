#include "tools/winnowctl/text_columns.hpp"

#include "config/text/control_characters.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace winnow {

namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
}

template<class... Values>
std::string formatted(const char* format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

} // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string clipped(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns)
    return std::string(text);
  if (columns == 0)
    return {};
  std::size_t at = 0;
  for (std::size_t left = columns; at < text.size(); ++at)
    if (begins_character(text[at]) && left-- == 1)
      break; // the last column is for the ellipsis
  return std::string(text.substr(0, at)) + "…";
}

std::string harmless(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const auto steering = std::max(control_at_front(text), direction_at_front(text));
    const auto length = std::max<std::size_t>(steering, 1);
    safe += steering > 0 ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(length);
  }
  return safe;
}

std::string duration_text(double microseconds) {
  const double seconds = microseconds / 1e6;
  if (microseconds < 1e3)
    return formatted("%.0fus", microseconds);
  if (seconds < 1)
    return formatted("%.1fms", microseconds / 1e3);
  if (seconds < 60)
    return formatted("%.1fs", seconds);
  const auto whole = static_cast<long>(seconds);
  if (whole < 3600)
    return formatted("%ldm%02lds", whole / 60, whole % 60);
  if (whole < 86400)
    return formatted("%ldh%02ldm", whole / 3600, whole / 60 % 60);
  return formatted("%ldd%02ldh", whole / 86400, whole / 3600 % 24);
}

std::string local_time(double unix_time, const char* format) {
  const auto whole = static_cast<std::time_t>(unix_time);
  std::tm parts{};
  localtime_r(&whole, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

std::vector<std::string> text_table::lines() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& cells : rows_)
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(cells[i]));
  std::vector<std::string> made;
  for (const auto& cells : rows_) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - columns_of(cells[i]), ' ');
      const bool last = i + 1 == cells.size();
      line += i == 0 ? "" : "  ";
      line += i == 0 ? cells[i] + padding : last ? cells[i] : padding + cells[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    made.push_back(std::move(line));
  }
  return made;
}

} // namespace winnow
