#include "actors/fleet/told_values.hpp"

#include "config/text/json_text.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace winnow {

namespace {

using nlohmann::json;

// A JSON text, as those of items are arrays. Replicas of earlier versions ignore it.
constexpr const char* experiment_name = R"("experiment")";

constexpr const char* base_mark = "base";
constexpr std::size_t longest_name = 3;

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// What a value of the fleet says about an item.
struct told_part {
  item_fact fact;
  bool is_base = false; ///< The fact's value is a base.
};

std::optional<told_part> to_part(const fleet_value& value) {
  const auto name = parse_json(value.name);
  auto content = parse_json(value.text);
  if (!name.is_array() || name.empty() || name.size() > longest_name || content.is_discarded())
    return std::nullopt;
  for (const auto& part : name)
    if (!part.is_string())
      return std::nullopt;
  const bool is_base = name.size() == longest_name;
  if (is_base && name[2] != base_mark)
    return std::nullopt;
  return told_part{{name[0].get<std::string>(), name.size() > 1 ? name[1].get<std::string>() : std::string(),
                    value.time, std::move(content)},
                   is_base};
}

} // namespace

std::vector<fleet_value> to_values(const item_fact& fact) {
  const auto all = text_of(json::array({fact.item_id}));
  if (fact.attribute.empty())
    return {{all, {}, fact.time, "null"}};
  std::vector<fleet_value> values;
  if (fact.base) // first, so that a replica that reads the value has read its base
    values.push_back({text_of(json::array({fact.item_id, fact.attribute, base_mark})), all, fact.time,
                      text_of(*fact.base)});
  values.push_back(
      {text_of(json::array({fact.item_id, fact.attribute})), all, fact.time, text_of(fact.value)});
  return values;
}

std::vector<item_fact> to_facts(const std::vector<fleet_value>& values) {
  std::vector<item_fact> facts;
  std::map<std::pair<std::string, std::string>, item_fact> bases;
  for (const auto& value : values) {
    auto part = to_part(value);
    if (part && part->is_base)
      bases[{part->fact.item_id, part->fact.attribute}] = std::move(part->fact);
    else if (part)
      facts.push_back(std::move(part->fact));
  }
  for (auto& fact : facts)
    if (const auto base = bases.find({fact.item_id, fact.attribute});
        base != bases.end() && base->second.time == fact.time)
      fact.base.emplace(base->second.value);
  return facts;
}

fleet_value to_value(const told_experiment& experiment) {
  return {experiment_name, {}, experiment.time, experiment.text};
}

std::optional<told_experiment> to_experiment(const fleet_value& value) {
  if (value.name != experiment_name)
    return std::nullopt;
  return told_experiment{value.time, value.text};
}

} // namespace winnow
