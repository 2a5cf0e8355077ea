#include "models/attributes/attribute_value.hpp"

#include "config/text/unix_time.hpp"
#include "models/attributes/json_member.hpp"

#include <algorithm>
#include <charconv>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::size_t longest_text = 10'000;
constexpr std::size_t most_labels = 1000;

/// @param word Of lower case letters and digits.
bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

result<attribute_value> parse_truth(const std::string& name, const json& from) {
  std::optional<double> truth;
  if (from.is_boolean())
    truth = from.get<bool>() ? 1.0 : 0.0;
  else if (name == hidden_attribute && (from.is_string() || from.is_number()))
    truth = truth_in(from.is_string() ? from.get<std::string>() : from.dump());
  if (!truth)
    return expected_member(name, "true or false", from);
  return attribute_value{attribute_type::boolean, *truth, {}};
}

result<attribute_value> parse_time(const std::string& name, const json& from) {
  std::optional<double> time;
  if (from.is_string() || from.is_number())
    time = time_in(from.is_string() ? from.get<std::string>() : from.dump());
  if (!time)
    return expected_member(name, "a time as ISO 8601 or Unix time", from);
  return attribute_value{attribute_type::number, *time, {}};
}

bool is_text(const json& from) {
  return from.is_string() && !from.get_ref<const std::string&>().empty() &&
         from.get_ref<const std::string&>().size() <= longest_text;
}

result<attribute_value> parse_labels(const std::string& name, const json& from) {
  const json list = from.is_array() ? from : json::array({from});
  if (list.size() > most_labels || !std::all_of(list.begin(), list.end(), is_text))
    return expected_member(
        name, "an array of at most " + std::to_string(most_labels) + " texts that are not empty", from);
  return attribute_value{attribute_type::labels, std::numeric_limits<double>::quiet_NaN(),
                         list.get<std::vector<std::string>>()};
}

/// Whether a number keeps all digits that its text has before the point.
bool keeps_whole_part(std::string_view number) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53U; // beyond it, a double skips numbers
  if (number.front() == '-')
    number.remove_prefix(1);
  const auto digits = number.substr(0, number.find_first_not_of("0123456789"));
  std::uint64_t whole = 0; // also if there are no digits: `.5`
  const auto [ignored, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
  const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
  return !has_leading_zero && problem != std::errc::result_out_of_range && whole <= most;
}

attribute_type type_of(const json& from) {
  return from.is_boolean()  ? attribute_type::boolean
         : from.is_number() ? attribute_type::number
         : from.is_array()  ? attribute_type::labels
                            : attribute_type::text;
}

} // namespace

std::string_view to_string(attribute_type type) noexcept {
  switch (type) {
  case attribute_type::number:
    return "number";
  case attribute_type::boolean:
    return "boolean";
  case attribute_type::text:
    return "text";
  case attribute_type::labels:
    return "labels";
  }
  return "unknown";
}

std::optional<attribute_type> type_by_name(std::string_view attribute) noexcept {
  if (attribute == hidden_attribute)
    return attribute_type::boolean;
  if (attribute == available_until_attribute)
    return attribute_type::number;
  return std::nullopt;
}

bool is_code(std::string_view text) {
  return !text.empty() && !keeps_whole_part(text);
}

bool has_fraction(std::string_view text) {
  const auto point = text.find_first_of(".,");
  return point != std::string_view::npos && text.find_first_of("123456789", point) != std::string_view::npos;
}

std::optional<double> boolean_in(std::string_view text) {
  if (is_word(text, "true"))
    return 1.0;
  if (is_word(text, "false"))
    return 0.0;
  return std::nullopt;
}

std::optional<double> truth_in(std::string_view text) {
  if (text == "1" || text == "0") // their bytes have the bit that tells lower case letters
    return text == "1" ? 1.0 : 0.0;
  for (const auto* const yes : {"yes", "y", "t", "on"})
    if (is_word(text, yes))
      return 1.0;
  for (const auto* const no : {"no", "n", "f", "off"})
    if (is_word(text, no))
      return 0.0;
  return boolean_in(text);
}

std::optional<double> time_in(std::string_view text) {
  const auto seconds = parse_time_or_date(text);
  return seconds ? std::optional(static_cast<double>(*seconds)) : std::nullopt;
}

result<attribute_value> parse_attribute(const std::string& name, const nlohmann::json& from,
                                        std::optional<attribute_type> type) {
  if (const auto fixed = type_by_name(name))
    type = fixed;
  if (from.is_null())
    return attribute_value{type.value_or(attribute_type::text), std::numeric_limits<double>::quiet_NaN(), {}};
  if (name == available_until_attribute)
    return parse_time(name, from);
  switch (type.value_or(type_of(from))) {
  case attribute_type::number:
    if (from.is_number() && std::isfinite(from.get<double>()))
      return attribute_value{attribute_type::number, from.get<double>(), {}};
    return expected_member(name, "a number", from);
  case attribute_type::boolean:
    return parse_truth(name, from);
  case attribute_type::labels:
    return parse_labels(name, from);
  case attribute_type::text:
    break;
  }
  if (!is_text(from))
    return expected_member(
        name, "a text of 1 to " + std::to_string(longest_text) + " bytes, a number, true, false, or texts",
        from);
  return attribute_value{
      attribute_type::text, std::numeric_limits<double>::quiet_NaN(), {from.get<std::string>()}};
}

} // namespace winnow
