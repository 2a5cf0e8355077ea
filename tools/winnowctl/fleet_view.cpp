#include "tools/winnowctl/fleet_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <cmath>

namespace winnow {

namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto text = object.value(key, "");
  return text.empty() ? "-" : harmless(text);
}

std::string count_of(const json& object, const char* key) {
  return std::to_string(object.value(key, std::uint64_t{0}));
}

std::string age_of(const json& object, const char* key) {
  return duration_text(object.value(key, 0.0) * 1e3);
}

} // namespace

std::vector<std::string> fleet_lines(const json& status) {
  const auto found = status.find("fleet");
  if (found == status.end())
    return {"this daemon is in no fleet: see --fleet of winnowd"};
  const auto& fleet = *found;
  std::vector<std::string> lines{"fleet " + text_of(fleet, "name") + ": models " + text_of(fleet, "models") +
                                     ", leader " + text_of(fleet, "leader"),
                                 count_of(fleet, "waiting") + " changes wait, the oldest for " +
                                     age_of(fleet, "lag_ms") + "; " + count_of(fleet, "taken") + " in hand"};
  constexpr double usual_age_ms = 3000;
  if (fleet.value("as_of_ms", 0.0) > usual_age_ms)
    lines.push_back("as of " + age_of(fleet, "as_of_ms") +
                    " ago: the store has told this replica nothing since");
  lines.emplace_back();
  text_table table({"replica", "role", "rest", "admin", "version", "models", "rules", "learned", "in hand",
                    "share", "claimed", "twice", "last seen"});
  for (const auto& one : fleet.at("replicas"))
    table.add({text_of(one, "id") + (one.value("id", "") == fleet.value("replica", "") ? " *" : ""),
               text_of(one, "role"), text_of(one, "rest"), text_of(one, "admin"), text_of(one, "version"),
               text_of(one, "models"), text_of(one, "rules"), text_of(one, "learned"),
               count_of(one, "in_hand"), std::to_string(std::lround(one.value("share", 0.0) * 100)) + "%",
               count_of(one, "claimed"), count_of(one, "computed_twice"),
               age_of(one, "last_seen_ms") + " ago"});
  for (auto& line : table.lines())
    lines.push_back(std::move(line));
  return lines;
}

} // namespace winnow
