#include "models/attributes/json_member.hpp"
#include "models/rules/shop_rules.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::json;
using kind = item_filter::kind;

std::string shown(const filter_value& value) {
  const auto* const number = std::get_if<double>(&value);
  constexpr double exact = 9007199254740992; // 2^53
  if (number != nullptr && std::abs(*number) < exact && *number == std::trunc(*number))
    return std::to_string(static_cast<std::int64_t>(*number));
  return std::visit([](const auto& some) { return shown_json(json(some)); }, value);
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const auto& part : parts)
    text += (text.empty() ? "" : between) + part;
  return text;
}

std::string range_words(const item_filter& filter) {
  std::vector<std::string> bounds;
  if (filter.least)
    bounds.push_back((filter.above_least ? "above " : "at least ") + shown(filter_value(*filter.least)));
  if (filter.most)
    bounds.push_back((filter.below_most ? "below " : "at most ") + shown(filter_value(*filter.most)));
  return filter.attribute + " " + joined(bounds, " and ");
}

std::string value_words(const item_filter& filter) {
  std::vector<std::string> values;
  for (const auto& value : filter.values)
    values.push_back(shown(value));
  return filter.attribute + " is " + (values.empty() ? "nothing" : joined(values, " or "));
}

/// Within others, a filter of several parts needs brackets.
std::string part_words(const item_filter& filter) {
  const bool several = (filter.what == kind::all || filter.what == kind::any) && filter.parts.size() > 1;
  return several ? "(" + in_words(filter) + ")" : in_words(filter);
}

std::string excluded_words(const std::vector<std::string>& ids) {
  constexpr std::size_t most_named = 10;
  std::string text = "never";
  for (std::size_t i = 0; i < std::min(ids.size(), most_named); ++i)
    text += (i == 0 ? " " : ", ") + ids[i];
  return ids.size() > most_named ? text + " and " + std::to_string(ids.size() - most_named) + " more" : text;
}

void add_diversity(const list_query& rules, const std::string& prefix, std::vector<rule_in_words>& lines) {
  if (!rules.spread_by.empty())
    lines.push_back({prefix + "diversity",
                     "at most " + std::to_string(rules.most_of_one) + " with the same " + rules.spread_by});
  else if (rules.says_diversity)
    lines.push_back({prefix + "diversity",
                     "unlike the items before, with the weight " + shown(filter_value(rules.diversity))});
}

void add_query(const list_query& rules, const std::string& prefix, std::vector<rule_in_words>& lines) {
  if (rules.limit)
    lines.push_back({prefix + "limit", std::to_string(*rules.limit) + " items"});
  if (rules.filter)
    lines.push_back({prefix + "filter", "only if " + in_words(rules.filter->filter)});
  if (!rules.exclude.empty())
    lines.push_back({prefix + "exclude", excluded_words(rules.exclude)});
  for (std::size_t i = 0; i < rules.boosts.size(); ++i)
    lines.push_back(
        {prefix + "boost[" + std::to_string(i) + "]", "times " + shown(filter_value(rules.boosts[i].factor)) +
                                                          " if " + in_words(rules.boosts[i].filter.filter)});
  for (const auto& pin : rules.pins)
    lines.push_back({prefix + "pin." + pin.item_id, pin.item_id + " at place " + std::to_string(pin.place)});
  add_diversity(rules, prefix, lines);
}

} // namespace

std::string in_words(const item_filter& filter) {
  if (filter.what == kind::range)
    return range_words(filter);
  if (filter.what == kind::one_of)
    return value_words(filter);
  if (filter.what == kind::none)
    return "not (" + in_words(filter.parts.front()) + ")";
  if (filter.parts.empty())
    return filter.what == kind::all ? "anything" : "nothing";
  std::vector<std::string> parts;
  for (const auto& part : filter.parts)
    parts.push_back(filter.parts.size() == 1 ? in_words(part) : part_words(part));
  return joined(parts, filter.what == kind::all ? " and " : " or ");
}

std::vector<rule_in_words> in_words(const shop_rules& rules, std::string_view placement) {
  std::vector<rule_in_words> lines;
  if (placement.empty()) {
    add_query(rules.for_all, "", lines);
    return lines;
  }
  const auto* const found = rules.find(placement);
  if (found == nullptr)
    return lines;
  const auto prefix = "placements." + std::string(placement) + ".";
  add_query(found->own, prefix, lines);
  if (found->candidates)
    lines.push_back({prefix + "candidates", std::to_string(*found->candidates) + " candidates"});
  if (found->din_keep)
    lines.push_back({prefix + "din_keep", "DIN keeps " + std::to_string(*found->din_keep)});
  if (found->experiment_share)
    lines.push_back({prefix + "experiment_share", shown(filter_value(*found->experiment_share)) +
                                                      " of the users take part in experiments"});
  return lines;
}

} // namespace winnow
