#pragma once

#include "config/error.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// What the values of an attribute are.
enum class attribute_type {
  number,  ///< All values are finite decimal numbers, and not codes, or marks of missing ones.
  boolean, ///< All values are `true` or `false`, in any case.
  text,    ///< Anything else.
  labels,  ///< Texts of which at least one field in twenty has several, separated by `|`.
};

/// `number`, `boolean`, `text` or `labels`.
std::string_view to_string(attribute_type type) noexcept;

/// Attributes with a meaning of their own: an item that is hidden, or whose time is over, is on no list.
inline constexpr std::string_view hidden_attribute = "hidden"; ///< Always a boolean.
/// Always a number: Unix seconds.
inline constexpr std::string_view available_until_attribute = "available_until";

/// The type that an attribute has by its name, whatever its values are.
std::optional<attribute_type> type_by_name(std::string_view attribute) noexcept;

/// Whether a number may be a code, which loses digits as a number: its whole part has zeros before it
/// (`0012`) or is beyond 2^53.
bool is_code(std::string_view number);
/// Whether a number has a fraction other than zero, behind a point or a comma.
bool has_fraction(std::string_view number);
/// 0 or 1, of `true` or `false`, in any case.
std::optional<double> boolean_in(std::string_view text);
/// 0 or 1; also of `yes`, `no`, `y`, `n`, `t`, `f`, `on`, `off`, `1` and `0`.
std::optional<double> truth_in(std::string_view text);
/// Unix seconds, see `parse_time_or_date`.
std::optional<double> time_in(std::string_view text);

/// One value of an attribute.
struct attribute_value {
  attribute_type type = attribute_type::text;
  double number = std::numeric_limits<double>::quiet_NaN(); ///< Of a number or a boolean (0 or 1).
  std::vector<std::string> texts;                           ///< Of a text (one) or of labels.

  bool is_missing() const noexcept { return std::isnan(number) && texts.empty(); }
};

/// The values of one item, by the names of the attributes.
struct item_values {
  std::string item_id;
  std::vector<std::pair<std::string, attribute_value>> values;
};

/// Reads a value as clients send it: a text, a number, true, false, an array of texts, or null, which means
/// that the item has no value.
/// @param type Of the attribute; nullopt if no item has it yet: then the value decides. Null decides nothing,
///   and counts as a text.
/// @return `malformed`, which names the attribute, what was expected and what came.
result<attribute_value> parse_attribute(const std::string& name, const nlohmann::json& from,
                                        std::optional<attribute_type> type);

} // namespace winnow
