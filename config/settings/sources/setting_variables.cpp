#include "config/settings/sources/setting_variables.hpp"

#include "config/text/number_text.hpp"

#include <algorithm>

namespace winnow {

const setting* setting_of(std::string_view variable) {
  const auto& table = setting_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const setting& entry) { return entry.environment == variable; });
  return found == table.end() ? nullptr : &*found;
}

std::string_view variable_text(const setting& known, std::string_view text) {
  return known.blanks_count ? text : trimmed(text, " \t\r\n\v\f");
}

bool is_set_by(const setting& known, std::string_view text) {
  return known.empty_is_value || !variable_text(known, text).empty();
}

std::vector<std::string> all_variables() {
  std::vector<std::string> names{std::string(config_variable)};
  for (const auto& entry : setting_table())
    names.push_back(entry.environment);
  return names;
}

} // namespace winnow
