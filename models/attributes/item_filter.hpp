#pragma once

#include "config/error.hpp"
#include "models/attributes/item_attributes.hpp"
#include "models/attributes/row_set.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace winnow {

/// A value that a filter compares with.
using filter_value = std::variant<bool, double, std::string>;

/// A condition on the attributes of items, as a tree.
struct item_filter {
  enum class kind {
    all,    ///< All of `parts`; without parts, every item.
    any,    ///< At least one of `parts`; without parts, no item.
    none,   ///< Not the only part.
    one_of, ///< The attribute, or one of its labels, is one of `values`. Missing: no.
    range,  ///< The attribute is a number within the bounds. Missing: no.
  };
  kind what = kind::all;
  std::vector<item_filter> parts;

  std::string attribute;
  std::vector<filter_value> values;
  std::optional<double> least, most;            ///< Of a range. Without both, the condition is empty.
  bool above_least = false, below_most = false; ///< Whether the bound itself is outside.
};

/// Parses a filter:
///
///     {"in_stock": true, "language": ["en", "de"], "price": {"gte": 5, "lt": 20},
///      "or": [{"genre": "Crime"}, {"not": {"author": "A. Christie"}}]}
///
/// All members must hold. A value must be equal, an array has the allowed values, an object bounds, all of
/// which must hold: `gt`, `gte`, `lt`, `lte`, and `eq`, `ne`, `in`. `and`, `or` have an array of filters,
/// `not` has one. An item without the attribute fulfils `ne`, which is short for `not`, and nothing else.
/// @return `malformed`, which names the member, what was expected and what came. At most 1,000 conditions,
///   32 levels deep.
result<item_filter> parse_filter(const nlohmann::json& from);

/// Returns how many conditions a filter has: what it costs for each row.
std::size_t conditions_in(const item_filter& filter);

/// Finds the rows that fulfil the filter. Takes at most about a nanosecond per row and condition; ranges of
/// numbers take as long as reading the numbers.
/// @return `malformed` if the filter names an attribute that the items do not have, with the most similar
///   one, compares one with a value of another type, or has an empty condition (`{"price": {}}`).
result<row_set> rows_that_pass(const item_filter& filter, const item_attributes& attributes);

} // namespace winnow
