#include "models/attributes/item_filter.hpp"

#include "models/attributes/filter_errors.hpp"

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::size_t most_conditions = 1000;
constexpr std::size_t most_levels = 32;

/// Takes the lower bound of a range, unless it has a higher one or an equal one that is outside already.
/// @param outside Whether the bound itself is outside of the range.
void take_least(item_filter& range, double bound, bool outside) {
  if (range.least && (*range.least > bound || (*range.least == bound && range.above_least)))
    return;
  range.least = bound;
  range.above_least = outside;
}

/// The same for the upper bound.
void take_most(item_filter& range, double bound, bool outside) {
  if (range.most && (*range.most < bound || (*range.most == bound && range.below_most)))
    return;
  range.most = bound;
  range.below_most = outside;
}

class filter_parser {
public:
  /// @param member In which the filter is; the whole filter, of level 0, is in none.
  result<item_filter> parse(const std::string& member, const json& from, std::size_t level) {
    if (!from.is_object())
      return level == 0 ? expected_member("filter", "an object of conditions", from)
                        : expected_in_filter(member, "an object of conditions", from);
    if (level > most_levels)
      return fail(fault::malformed, "filter: expected at most " + std::to_string(most_levels) +
                                        " levels of conditions, got more");
    if (from.empty() && ++conditions_ > most_conditions) // an empty filter costs as much as a condition
      return too_many();
    item_filter all;
    for (const auto& [name, value] : from.items()) {
      if (++conditions_ > most_conditions)
        return too_many();
      auto part = parse_member(name, value, level);
      if (!part)
        return part;
      all.parts.push_back(std::move(*part));
    }
    return all;
  }

private:
  static tl::unexpected<error> too_many() {
    return fail(fault::malformed,
                "filter: expected at most " + std::to_string(most_conditions) + " conditions, got more");
  }

  result<item_filter> parse_member(const std::string& name, const json& value, std::size_t level) {
    if (name == "and" || name == "or")
      return parse_parts(name, value, level);
    if (name == "not")
      return negated(parse(name, value, level + 1));
    if (value.is_object())
      return parse_bounds(name, value);
    return parse_values(name, value);
  }

  result<item_filter> parse_parts(const std::string& name, const json& from, std::size_t level) {
    if (!from.is_array())
      return expected_in_filter(name, "an array of filters", from);
    item_filter whole;
    whole.what = name == "and" ? item_filter::kind::all : item_filter::kind::any;
    for (const auto& one : from) {
      auto part = parse(name, one, level + 1);
      if (!part)
        return part;
      whole.parts.push_back(std::move(*part));
    }
    return whole;
  }

  static result<item_filter> negated(result<item_filter> what) {
    if (!what)
      return what;
    item_filter whole;
    whole.what = item_filter::kind::none;
    whole.parts.push_back(std::move(*what));
    return whole;
  }

  static result<filter_value> parse_value(const std::string& name, const json& from) {
    if (from.is_boolean())
      return filter_value(from.get<bool>());
    if (from.is_number())
      return filter_value(from.get<double>());
    if (from.is_string())
      return filter_value(from.get<std::string>());
    return expected_in_filter(name, "a text, a number, true or false", from);
  }

  /// A value, or an array of the allowed values.
  static result<item_filter> parse_values(const std::string& name, const json& from) {
    item_filter one;
    one.what = item_filter::kind::one_of;
    one.attribute = name;
    const auto list = from.is_array() ? from : json::array({from});
    if (list.size() > most_conditions)
      return fail(fault::malformed, "filter: " + name + ": expected at most " +
                                        std::to_string(most_conditions) + " values, got " +
                                        std::to_string(list.size()));
    for (const auto& entry : list) {
      auto value = parse_value(name, entry);
      if (!value)
        return tl::unexpected(value.error());
      one.values.push_back(std::move(*value));
    }
    return one;
  }

  static result<item_filter> parse_bounds(const std::string& name, const json& from) {
    item_filter all;
    item_filter range;
    range.what = item_filter::kind::range;
    range.attribute = name;
    for (const auto& [word, value] : from.items()) {
      if (word == "eq" || word == "in" || word == "ne") {
        auto values = parse_values(name, value);
        if (word == "ne")
          values = negated(std::move(values));
        if (!values)
          return values;
        all.parts.push_back(std::move(*values));
      } else if (word == "gt" || word == "gte" || word == "lt" || word == "lte") {
        if (!value.is_number())
          return expected_in_filter(std::string(name).append(".").append(word), "a number", value);
        const bool outside = word.size() == 2;
        word[0] == 'g' ? take_least(range, value.get<double>(), outside)
                       : take_most(range, value.get<double>(), outside);
      } else {
        return expected_comparison(name, word);
      }
    }
    if (range.least || range.most || from.empty())
      all.parts.push_back(std::move(range));
    return all;
  }

  std::size_t conditions_ = 0;
};

} // namespace

result<item_filter> parse_filter(const nlohmann::json& from) {
  return filter_parser().parse("", from, 0);
}

std::size_t conditions_in(const item_filter& filter) {
  std::size_t conditions = 1;
  for (const auto& part : filter.parts)
    conditions += conditions_in(part);
  return conditions;
}

} // namespace winnow
