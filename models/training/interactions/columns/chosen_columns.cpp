#include "models/training/interactions/columns/chosen_columns.hpp"

#include "config/text/quoted_text.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>
#include <vector>

namespace winnow {

namespace {

/// Whether a name is a number from 1 to 999, the place of a column.
bool is_place(std::string_view name) {
  return !name.empty() && name.size() <= 3 && name.front() != '0' &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The choice for the role with this name; null if there is no such role.
std::string* choice_named(std::string_view name, chosen_columns& chosen) {
  const auto& roles = column_roles();
  const auto* const found =
      std::find_if(roles.begin(), roles.end(), [&](const role_facts& facts) { return facts.name == name; });
  return found == roles.end() ? nullptr : &chosen[found->role];
}

} // namespace

result<chosen_columns> parse_chosen_columns(std::string_view text) {
  chosen_columns chosen;
  std::vector<std::string_view> taken;
  const auto refuse = [&] {
    return fail(
        fault::invalid_argument,
        "expected user=NAME,item=NAME, and optionally rating=NAME and time=NAME, each another column, got " +
            quoted_text(text));
  };
  std::size_t numbers = 0, names = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto part = text.substr(at, end - at);
    at = end + 1;
    const auto equals = std::min(part.find('='), part.size());
    auto* const into = choice_named(trimmed(part.substr(0, equals)), chosen);
    const auto name = equals < part.size() ? trimmed(part.substr(equals + 1)) : std::string_view();
    if (into == nullptr || !into->empty() || name.empty())
      return refuse();
    if (std::find(taken.begin(), taken.end(), name) != taken.end())
      return refuse();
    *into = name;
    taken.push_back(name);
    ++(is_place(name) ? numbers : names);
  }
  if (numbers > 0 && (names > 0 || !are_places(chosen)))
    return refuse();
  return chosen;
}

bool are_places(const chosen_columns& chosen) {
  return is_place(chosen[column_role::user]) && is_place(chosen[column_role::item]);
}

bool any_chosen(const chosen_columns& chosen) {
  const auto& roles = column_roles();
  return std::any_of(roles.begin(), roles.end(),
                     [&](const role_facts& facts) { return !chosen[facts.role].empty(); });
}

} // namespace winnow
