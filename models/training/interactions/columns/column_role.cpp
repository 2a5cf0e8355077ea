#include "models/training/interactions/columns/column_role.hpp"

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
constexpr std::string_view other_time_names[] = {"createdat", "updatedat", "eventtime", "ts"};

} // namespace

const std::array<role_facts, number_of_roles>& column_roles() noexcept {
  static constexpr std::array<role_facts, number_of_roles> all{{
      {column_role::user, "user", true, "user_id", user_names, {}},
      {column_role::item, "item", true, "item_id", item_names, {}},
      {column_role::rating, "rating", false, "rating", rating_names, {}},
      {column_role::time, "time", false, "timestamp", time_names, other_time_names},
  }};
  return all;
}

} // namespace winnow
