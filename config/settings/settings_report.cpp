#include "config/settings/settings_report.hpp"

#include "config/text/quoted_text.hpp"

namespace winnow {

namespace {

bool is_number_or_switch(std::string_view value) {
  return value == "true" || value == "false" ||
         (!value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos);
}

std::string assignment(const setting_origin& origin) {
  const bool is_comment =
      origin.value.find("***") != std::string::npos || origin.source.compare(0, 5, "from ") == 0;
  return (is_comment ? "# " : "") + origin.key + " = " +
         (is_number_or_switch(origin.value) ? origin.value : quoted_text(origin.value));
}

} // namespace

std::string settings_report(const loaded_settings& loaded) {
  constexpr std::size_t source_column = 44;
  std::string report;
  for (const auto& origin : loaded.origins) {
    auto line = assignment(origin);
    if (line.size() < source_column)
      line.append(source_column - line.size(), ' ');
    report.append(line).append("  # ").append(origin.source).append("\n");
  }
  return report;
}

std::string error_report(std::string_view program, const std::vector<std::string>& errors) {
  std::string report(program);
  report.append(errors.size() == 1 ? ": 1 error in the settings:\n"
                                   : ": " + std::to_string(errors.size()) + " errors in the settings:\n");
  for (const auto& message : errors)
    report.append("  ").append(message).append("\n");
  return report;
}

} // namespace winnow
