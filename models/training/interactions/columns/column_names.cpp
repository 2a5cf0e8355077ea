#include "models/training/interactions/columns/column_names.hpp"

#include "config/text/ascii.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace winnow {

namespace {

constexpr std::string_view token_sequence = ":token_seq";

/// The type that RecBole appends to a name; empty if there is none.
std::string_view type_of(std::string_view field) {
  for (const std::string_view type : {std::string_view(":token"), token_sequence, std::string_view(":float"),
                                      std::string_view(":float_seq")})
    if (field.size() > type.size() && field.substr(field.size() - type.size()) == type)
      return field.substr(field.size() - type.size());
  return {};
}

/// Normalises a name: `User-ID` and `user_id:token` become `userid`.
std::string plain(std::string_view field) {
  std::string name;
  for (const char letter : column_name(field)) {
    if (letter != '_' && letter != '-' && letter != ' ')
      name.push_back(lower(letter));
  }
  return name;
}

} // namespace

std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role) {
  std::vector<std::string> names;
  std::transform(header.begin(), header.end(), std::back_inserter(names), plain);
  for (const auto name : facts_of(role).names) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end())
      return static_cast<std::size_t>(found - names.begin());
  }
  return std::nullopt;
}

std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role,
                                       const chosen_columns& chosen) {
  const auto& name = chosen[role];
  if (name.empty())
    return find_column(header, role);
  const auto found = std::find_if(header.begin(), header.end(),
                                  [&](std::string_view field) { return column_name(field) == name; });
  return found != header.end() ? std::optional(static_cast<std::size_t>(found - header.begin()))
                               : std::nullopt;
}

std::optional<std::size_t> find_namesake(gsl::span<const std::string_view> header, std::size_t found,
                                         column_role role, const chosen_columns& chosen) {
  const bool is_chosen = !chosen[role].empty();
  for (std::size_t other = 0; other < header.size(); ++other)
    if (other != found && (is_chosen ? column_name(header[other]) == column_name(header[found])
                                     : plain(header[other]) == plain(header[found])))
      return other;
  return std::nullopt;
}

std::vector<std::size_t> find_rivals(gsl::span<const std::string_view> header, std::size_t found,
                                     column_role role, const chosen_columns& chosen) {
  std::vector<std::size_t> rivals;
  if (!chosen[role].empty())
    return rivals;
  const auto& facts = facts_of(role);
  const auto has = [](gsl::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (std::size_t other = 0; other < header.size(); ++other) {
    const auto name = plain(header[other]);
    const bool is_session = name.rfind("session", 0) == 0;
    if (other != found && !is_session && (has(facts.names, name) || has(facts.other_names, name)))
      rivals.push_back(other);
  }
  return rivals;
}

std::optional<std::size_t> find_item_list(gsl::span<const std::string_view> header,
                                          const chosen_columns& chosen) {
  const auto& item = chosen[column_role::item];
  const auto& usual = facts_of(column_role::item).names;
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (!is_sequence(header[column]))
      continue;
    const auto name = plain(header[column]);
    const auto is_list_of = [&](std::string_view other) { return name == std::string(other) + "list"; };
    if (item.empty() ? std::any_of(usual.begin(), usual.end(), is_list_of) : is_list_of(plain(item)))
      return column;
  }
  return std::nullopt;
}

bool is_sequence(std::string_view field) {
  return type_of(trimmed(field)) == token_sequence;
}

bool is_typed_header(gsl::span<const std::string_view> fields) {
  return !fields.empty() && std::all_of(fields.begin(), fields.end(), [](std::string_view field) {
    return !type_of(trimmed(field)).empty();
  });
}

std::string_view column_name(std::string_view field) {
  field = trimmed(field);
  field.remove_suffix(type_of(field).size());
  return field;
}

} // namespace winnow
