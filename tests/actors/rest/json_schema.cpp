#include "json_schema.hpp"

#include <algorithm>
#include <set>

namespace winnow::test {

namespace {

using nlohmann::json;

bool is_of_type(const json& value, const std::string& type) {
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "integer" && value.is_number_integer()) ||
         (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
         (type == "null" && value.is_null());
}

bool fits_type(const json& value, const json& types) {
  if (types.is_string())
    return is_of_type(value, types.get<std::string>());
  return std::any_of(types.begin(), types.end(),
                     [&](const json& type) { return is_of_type(value, type.get<std::string>()); });
}

const std::set<std::string> known_keywords{"type",    "required", "properties", "const",
                                           "enum",    "items",    "$ref",       "description",
                                           "default", "example",  "oneOf",      "additionalProperties"};

std::string object_misfit(const json& value, const json& schema, const json& document,
                          const std::string& where) {
  for (const auto& key : schema.value("required", json::array()))
    if (!value.contains(key.get<std::string>()))
      return where + " lacks " + key.get<std::string>();
  const auto properties = schema.value("properties", json::object());
  for (const auto& [key, of_key] : properties.items())
    if (value.contains(key))
      if (auto problem = misfit(value[key], of_key, document, where + "." + key); !problem.empty())
        return problem;
  if (!schema.value("additionalProperties", false) && !properties.empty())
    for (const auto& [key, of_key] : value.items())
      if (!properties.contains(key))
        return where + " has " + key + ", which is not documented";
  return {};
}

} // namespace

std::string misfit(const json& value, const json& schema, const json& document, const std::string& where) {
  for (const auto& [keyword, content] : schema.items())
    if (known_keywords.count(keyword) == 0)
      return where + ": unknown keyword " + keyword;
  if (schema.contains("$ref"))
    return misfit(value, document.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1))),
                  document, where);
  if (schema.contains("oneOf")) {
    std::string problems;
    for (const auto& one : schema["oneOf"]) {
      const auto problem = misfit(value, one, document, where);
      if (problem.empty())
        return {};
      problems += (problems.empty() ? "" : "; ") + problem;
    }
    return problems;
  }
  if (schema.contains("type") && !fits_type(value, schema["type"]))
    return where + " is " + value.type_name() + " instead of " + schema["type"].dump();
  if (schema.contains("const") && value != schema["const"])
    return where + " is " + value.dump() + " instead of " + schema["const"].dump();
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
    return where + " is " + value.dump() + ", not one of " + schema["enum"].dump();
  if (value.is_object())
    return object_misfit(value, schema, document, where);
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto problem = misfit(value[i], schema["items"], document, where + "[" + std::to_string(i) + "]");
          !problem.empty())
        return problem;
  return {};
}

} // namespace winnow::test
