#include "models/training/interactions/column_names.hpp"

#include "config/text/ascii.hpp"
#include "config/text/number_text.hpp"
#include "config/text/quoted_text.hpp"

#include <algorithm>
#include <vector>

namespace winnow {

namespace {

constexpr std::string_view user_names[] = {"userid",     "user",      "uid",       "customerid",
                                           "reviewerid", "visitorid", "sessionid", "session"};
constexpr std::string_view item_names[] = {"itemid", "item",    "iid",    "productid", "parentasin", "asin",
                                           "isbn",   "movieid", "bookid", "artistid",  "stockcode"};
constexpr std::string_view rating_names[] = {"rating", "bookrating", "overall", "score",
                                             "stars",  "count",      "weight"};
constexpr std::string_view time_names[] = {"timestamp",      "time",     "unixtime",
                                           "unixreviewtime", "datetime", "date"};

/// Names that are not common enough to be taken for times, but may mean them.
constexpr std::string_view other_time_names[] = {"createdat", "updatedat", "eventtime", "ts"};

gsl::span<const std::string_view> names_of(column_role role) {
  switch (role) {
  case column_role::user:
    return user_names;
  case column_role::item:
    return item_names;
  case column_role::rating:
    return rating_names;
  case column_role::time:
    return time_names;
  }
  return {};
}

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

/// Whether a name is a number from 1 to 999, the place of a column.
bool is_place(std::string_view name) {
  return !name.empty() && name.size() <= 3 && name.front() != '0' &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role) {
  std::vector<std::string> names;
  std::transform(header.begin(), header.end(), std::back_inserter(names), plain);
  for (const auto name : names_of(role)) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end())
      return static_cast<std::size_t>(found - names.begin());
  }
  return std::nullopt;
}

const std::string& chosen_columns::of(column_role role) const {
  switch (role) {
  case column_role::user:
    return user;
  case column_role::item:
    return item;
  case column_role::rating:
    return rating;
  case column_role::time:
    return time;
  }
  return user;
}

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
    const auto role = trimmed(part.substr(0, equals));
    auto* into = role == "user"     ? &chosen.user
                 : role == "item"   ? &chosen.item
                 : role == "rating" ? &chosen.rating
                 : role == "time"   ? &chosen.time
                                    : nullptr;
    const auto name = equals < part.size() ? trimmed(part.substr(equals + 1)) : std::string_view();
    if (into == nullptr || !into->empty() || name.empty())
      return refuse();
    if (std::find(taken.begin(), taken.end(), name) != taken.end())
      return refuse();
    *into = name;
    taken.push_back(name);
    ++(is_place(name) ? numbers : names);
  }
  if (numbers > 0 && (names > 0 || chosen.user.empty() || chosen.item.empty()))
    return refuse();
  return chosen;
}

bool are_places(const chosen_columns& chosen) {
  return is_place(chosen.user) && is_place(chosen.item);
}

std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role,
                                       const chosen_columns& chosen) {
  const auto& name = chosen.of(role);
  if (name.empty())
    return find_column(header, role);
  const auto found = std::find_if(header.begin(), header.end(),
                                  [&](std::string_view field) { return column_name(field) == name; });
  return found != header.end() ? std::optional(static_cast<std::size_t>(found - header.begin()))
                               : std::nullopt;
}

std::optional<std::size_t> find_namesake(gsl::span<const std::string_view> header, std::size_t found,
                                         column_role role, const chosen_columns& chosen) {
  const bool is_chosen = !chosen.of(role).empty();
  for (std::size_t other = 0; other < header.size(); ++other)
    if (other != found && (is_chosen ? column_name(header[other]) == column_name(header[found])
                                     : plain(header[other]) == plain(header[found])))
      return other;
  return std::nullopt;
}

std::vector<std::size_t> find_rivals(gsl::span<const std::string_view> header, std::size_t found,
                                     column_role role, const chosen_columns& chosen) {
  std::vector<std::size_t> rivals;
  if (!chosen.of(role).empty())
    return rivals;
  const auto has = [](gsl::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (std::size_t other = 0; other < header.size(); ++other) {
    const auto name = plain(header[other]);
    const bool is_session = name.rfind("session", 0) == 0;
    if (other != found && !is_session &&
        (has(names_of(role), name) || (role == column_role::time && has(other_time_names, name))))
      rivals.push_back(other);
  }
  return rivals;
}

std::optional<std::size_t> find_item_list(gsl::span<const std::string_view> header,
                                          const chosen_columns& chosen) {
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (!is_sequence(header[column]))
      continue;
    const auto name = plain(header[column]);
    const auto is_list_of = [&](std::string_view item) { return name == std::string(item) + "list"; };
    if (chosen.item.empty() ? std::any_of(std::begin(item_names), std::end(item_names), is_list_of)
                            : is_list_of(plain(chosen.item)))
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
