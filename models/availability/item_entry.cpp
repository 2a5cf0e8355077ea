#include "models/availability/item_entry.hpp"

#include "config/text/json_text.hpp"

namespace winnow {

namespace {

using nlohmann::json;

bool is_entry(const json& entry) {
  return entry.is_object() && entry.contains("item_id") && entry["item_id"].is_string() &&
         entry.contains("time") && entry["time"].is_number_integer() &&
         (entry.contains("reset") || (entry.contains("attributes") && entry["attributes"].is_object())) &&
         (!entry.contains("base") || entry["base"].is_object());
}

} // namespace

std::string to_line(const item_entry& entry) {
  json object{{"item_id", entry.item_id}, {"time", entry.time}};
  if (entry.attributes)
    object["attributes"] = *entry.attributes;
  else
    object["reset"] = true;
  if (!entry.base.empty())
    object["base"] = entry.base;
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<item_entry> parse_item_entry(std::string_view line) {
  auto object = parse_json(line);
  if (!is_entry(object))
    return std::nullopt;
  item_entry entry{object["item_id"].get<std::string>(), object["time"].get<std::int64_t>(), std::nullopt};
  if (!object.contains("reset"))
    entry.attributes.emplace(std::move(object["attributes"]));
  if (object.contains("base"))
    entry.base = std::move(object["base"]);
  return entry;
}

} // namespace winnow
