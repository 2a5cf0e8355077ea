#include "models/training/interactions/column_names.hpp"

#include "models/training/interactions/number_text.hpp"

#include <algorithm>
#include <vector>

namespace winnow {

namespace {

constexpr std::string_view user_names[] = {"userid", "user", "uid", "customerid", "reviewerid", "visitorid"};
constexpr std::string_view item_names[] = {"itemid", "item",    "iid",    "productid", "parentasin", "asin",
                                           "isbn",   "movieid", "bookid", "artistid",  "stockcode"};
constexpr std::string_view rating_names[] = {"rating", "bookrating", "overall", "score",
                                             "stars",  "count",      "weight"};
constexpr std::string_view time_names[] = {"timestamp",      "time",     "unixtime",
                                           "unixreviewtime", "datetime", "date"};

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

/// Normalises a name: `User-ID` and `user_id:token` become `userid`.
std::string plain(std::string_view field) {
  std::string name;
  for (const char letter : column_name(field)) {
    if (letter >= 'A' && letter <= 'Z')
      name.push_back(static_cast<char>(letter - 'A' + 'a'));
    else if (letter != '_' && letter != '-' && letter != ' ')
      name.push_back(letter);
  }
  return name;
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

std::string_view column_name(std::string_view field) {
  field = trimmed(field);
  for (const std::string_view type : {":token", ":token_seq", ":float", ":float_seq"})
    if (field.size() > type.size() && field.substr(field.size() - type.size()) == type)
      return field.substr(0, field.size() - type.size());
  return field;
}

} // namespace winnow
