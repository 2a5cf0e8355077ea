#include "actors/fleet/told_values.hpp"

#include "config/text/json_text.hpp"

#include <string>

namespace winnow {

namespace {

using nlohmann::json;

// A JSON text, as those of items are arrays. Replicas of earlier versions ignore it.
constexpr const char* experiment_name = R"("experiment")";

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

fleet_value to_value(const item_fact& fact) {
  const auto all = text_of(json::array({fact.item_id}));
  if (fact.attribute.empty())
    return {all, {}, fact.time, "null"};
  return {text_of(json::array({fact.item_id, fact.attribute})), all, fact.time, text_of(fact.value)};
}

fleet_value to_value(const told_experiment& experiment) {
  return {experiment_name, {}, experiment.time, experiment.text};
}

std::optional<told_experiment> to_experiment(const fleet_value& value) {
  if (value.name != experiment_name)
    return std::nullopt;
  return told_experiment{value.time, value.text};
}

std::optional<item_fact> to_fact(const fleet_value& value) {
  const auto name = parse_json(value.name);
  auto content = parse_json(value.text);
  if (!name.is_array() || name.empty() || name.size() > 2 || content.is_discarded())
    return std::nullopt;
  for (const auto& part : name)
    if (!part.is_string())
      return std::nullopt;
  return item_fact{name[0].get<std::string>(), name.size() == 2 ? name[1].get<std::string>() : std::string(),
                   value.time, std::move(content)};
}

} // namespace winnow
