#include "tools/winnowctl/experiments_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <cstdio>

namespace winnow {

namespace {

using nlohmann::json;

std::string number_text(const json& number, const char* format) {
  char text[48];
  std::snprintf(text, sizeof text, format, number.get<double>());
  return text;
}

/// E.g. `0.0412 (0.0350 to 0.0484)`.
std::string estimate_text(const json& one, const char* format = "%.4f") {
  return number_text(one.at("value"), format) + " (" + number_text(one.at("low"), format) + " to " +
         number_text(one.at("high"), format) + ")";
}

std::string times_text(const json& version) {
  return local_time(version.at("since").get<double>(), "%F %H:%M") + " to " +
         local_time(version.at("until").get<double>(), "%F %H:%M");
}

} // namespace

std::vector<std::string> experiments_lines(const json& answer) {
  if (answer.at("versions").empty())
    return {"nobody has taken an item since a list was stored; the last lists of " +
            answer.at("users").dump() + " users are known"};
  text_table table(
      {"lists of", "taken", "1", "2-5", "6-10", "11-20", "not", "hit rate", "MRR", "list's age", "counted"});
  for (const auto& one : answer.at("versions")) {
    const auto& places = one.at("places");
    table.add({harmless(one.at("version").get<std::string>()), one.at("taken").dump(), places.at("1").dump(),
               places.at("2-5").dump(), places.at("6-10").dump(), places.at("11-20").dump(),
               places.at("not").dump(), estimate_text(one.at("hit_rate")), estimate_text(one.at("mrr")),
               duration_text(one.at("mean_age_seconds").get<double>() * 1e6), times_text(one)});
  }
  auto lines = table.lines();
  lines.emplace_back();
  for (const auto& one : answer.at("differences"))
    lines.push_back("hit rate of " + harmless(one.at("version").get<std::string>()) + " less that of " +
                    harmless(one.at("than").get<std::string>()) + ": " +
                    estimate_text(one.at("hit_rate"), "%+.4f"));
  lines.push_back(
      "Intervals of 95 %. Versions were served one after the other, not to users chosen at random: a "
      "difference may come from the time, and a hit need not come from the list.");
  return lines;
}

} // namespace winnow
