#include "config/settings/own_variables.hpp"

#include "config/settings/sources/service_link.hpp"
#include "config/settings/sources/setting_variables.hpp"
#include "config/settings/suggestion.hpp"
#include "config/text/ascii.hpp"
#include "config/text/starts_with.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace winnow {

namespace {

constexpr std::string_view own_prefix = "WINNOW_";

bool begins_as_own(std::string_view name) {
  return starts_with(name, own_prefix);
}

const std::vector<std::string>& known_variables() {
  static const auto known = all_variables();
  return known;
}

/// Whether all but the prefix is the name of one of Winnow's own settings, and the prefix is one letter off.
bool has_mistyped_prefix(std::string_view name) {
  constexpr std::string_view a_word = "WINDOW_"; // also one letter off, but others mean something by it
  const auto ends_in = [&](const std::string& known) {
    if (!begins_as_own(known))
      return false;
    const auto rest = std::string_view(known).substr(own_prefix.size());
    if (name.size() <= rest.size() || name.substr(name.size() - rest.size()) != rest)
      return false;
    const auto prefix = name.substr(0, name.size() - rest.size());
    return prefix != a_word && is_one_letter_off(prefix, own_prefix);
  };
  const auto& known = known_variables();
  return std::any_of(known.begin(), known.end(), ends_in);
}

} // namespace

std::string in_usual_letters(std::string_view name) {
  auto made = upper_case(name);
  std::replace(made.begin(), made.end(), '-', '_');
  return made;
}

bool is_own_variable(std::string_view name) {
  const auto usual = in_usual_letters(name);
  return begins_as_own(usual) || has_mistyped_prefix(usual);
}

bool is_reserved_variable(std::string_view name) {
  constexpr std::array<std::string_view, 3> reserved{"WINNOW_SOURCE_DIR", "WINNOW_BIN_DIR",
                                                     "WINNOW_SHARED_DIR"};
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

bool is_mistyped_variable(const std::string& name) {
  return is_own_variable(name) && !is_reserved_variable(name) && !is_service_link(name, {}) &&
         is_near_miss(in_usual_letters(name), own_prefix, known_variables());
}

} // namespace winnow
