#include "models/training/run_difference.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::json;

void compare(const std::string& name, const json& kept, const json& now, std::string& differences) {
  if (kept == now)
    return;
  if (kept.is_object() && now.is_object()) {
    for (const auto& [key, value] : now.items())
      compare(name.empty() ? key : name + "." + key, kept.value(key, json()), value, differences);
    return;
  }
  differences += (differences.empty() ? "" : "; ") + name + ": " + kept.dump() + ", now " + now.dump();
}

} // namespace

std::string difference_of_runs(const std::string& kept, const std::string& now) {
  const auto before = json::parse(kept, nullptr, false);
  const auto after = json::parse(now, nullptr, false);
  if (!before.is_object() || !after.is_object())
    return kept == now ? "" : "another description of the run";
  std::string differences;
  compare("", before, after, differences);
  return differences;
}

} // namespace winnow
