#include "tools/winnowctl/models_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <cstdio>

namespace winnow {

namespace {

using nlohmann::json;

std::string number_text(const json& metrics, const char* key) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", metrics.at(key).get<double>());
  return text;
}

std::string percent_text(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%g %%", share * 100);
  return text;
}

/// E.g. `Recall@20`, if all versions were measured with lists of one length.
std::string length_of(const json& versions) {
  std::string length;
  for (const auto& one : versions)
    if (one.at("metrics").is_object()) {
      const auto k = "@" + one.at("metrics").at("k").dump();
      if (!length.empty() && length != k)
        return {};
      length = k;
    }
  return length;
}

std::string state_of(const json& version) {
  std::string state;
  const auto add = [&](const char* key, const char* text) {
    if (version.at(key).get<bool>())
      state += (state.empty() ? "" : ", ") + std::string(text);
  };
  add("in_force", "in force");
  const auto share = version.value("users_share", 0.0);
  if (share > 0 && share < 1)
    state += (state.empty() ? "" : ", ") + percent_text(share) + " of the users";
  add("shadow", "shadow");
  add("loaded", "loaded");
  if (version.value("replaced", false)) // an earlier winnowd does not say
    state += ", replaced on disk";
  add("pinned", "pinned");
  if (version.at("gate").is_string())
    state += (state.empty() ? "" : ", ") + harmless(version.at("gate").get<std::string>());
  return state.empty() ? "-" : state;
}

std::string share_text(const json& report, const json& count) {
  const auto all = report.at("profiles").get<double>();
  char text[48];
  std::snprintf(text, sizeof text, "%s (%.1f %%)", count.dump().c_str(),
                all > 0 ? 100 * count.get<double>() / all : 0.0);
  return text;
}

void append_report(std::vector<std::string>& lines, const json& report) {
  const auto& old = report.at("in_force");
  const auto& now = report.at("candidate");
  lines.push_back(harmless(report.at("version").get<std::string>()) +
                  (report.at("passed").get<bool>() ? ": passed" : ": refused") + ", compared with " +
                  report.at("profiles").dump() + " profiles at " +
                  local_time(report.at("judged").get<double>(), "%F %T"));
  for (const auto& one : report.at("objections"))
    lines.push_back("  " + harmless(one.get<std::string>()));
  if (report.contains("warning"))
    lines.push_back("  warning: " + harmless(report.at("warning").get<std::string>()));
  text_table table(
      {"", "in force: " + harmless(report.at("against").get<std::string>()), "this version", ""});
  const auto row = [&](const char* what, const std::string& before, const std::string& after) {
    table.add({what, before, after, ""});
  };
  row("newest items found", old.at("hits").dump() + " of " + report.at("with_newest").dump(),
      now.at("hits").dump() + " of " + report.at("with_newest").dump());
  row("different items", old.at("different_items").dump(), now.at("different_items").dump());
  row("short lists", share_text(report, old.at("short_lists")), share_text(report, now.at("short_lists")));
  row("popular items alone", share_text(report, old.at("popular_lists")),
      share_text(report, now.at("popular_lists")));
  row("computing a list", duration_text(old.at("microseconds_per_list").get<double>()),
      duration_text(now.at("microseconds_per_list").get<double>()));
  for (auto& line : table.lines())
    lines.push_back("  " + std::move(line));
  lines.push_back("  overlap of the first 20: " + number_text(report, "overlap") +
                  ", shift of the scores: " + number_text(report, "shift"));
}

/// What the shadow has done.
void append_shadow(std::vector<std::string>& lines, const json& shadow) {
  const auto text = [&](const char* key) { return shadow.at(key).dump(); };
  lines.push_back("shadow " + harmless(shadow.at("version").get<std::string>()) + ", " +
                  percent_text(shadow.at("share").get<double>()) + " of the lists: " + text("compared") +
                  " compared, " + text("dropped") + " dropped under load, " + text("failed") + " failed");
  if (shadow.at("compared") != 0)
    lines.push_back("  overlap of the first 20: " + number_text(shadow, "overlap") +
                    ", distance of the scores: " + number_text(shadow, "score_difference") +
                    ", computing a list: " + duration_text(shadow.at("microseconds_per_list").get<double>()) +
                    " beside " + duration_text(shadow.at("microseconds_in_force").get<double>()));
}

} // namespace

std::vector<std::string> report_lines(const json& answer) {
  std::vector<std::string> lines;
  if (!answer.contains("reports")) {
    append_report(lines, answer);
    return lines;
  }
  for (const auto& one : answer.at("reports"))
    append_report(lines, one);
  if (lines.empty())
    lines.push_back("no version was compared yet");
  return lines;
}

std::vector<std::string> models_lines(const json& answer) {
  const auto& versions = answer.at("versions");
  const auto length = length_of(versions);
  text_table table({"version", "published", "digest", "recall" + length, "NDCG" + length, "HR" + length,
                    "MRR" + length, "state"});
  for (const auto& one : versions) {
    const auto& metrics = one.at("metrics");
    const auto measured = [&](const char* key) {
      return metrics.is_object() ? number_text(metrics, key) : std::string("-");
    };
    const auto digest = one.at("digest").get<std::string>();
    table.add({harmless(one.at("name").get<std::string>()),
               one.at("published").is_null() ? "-" : local_time(one.at("published").get<double>(), "%F %T"),
               digest.empty() ? "-" : harmless(digest), measured("recall"), measured("ndcg"),
               measured("hit_rate"), measured("mrr"), state_of(one)});
  }
  auto lines = table.lines();
  if (const auto shadow = answer.value("shadow", json()); !shadow.is_null())
    append_shadow(lines, shadow);
  if (const auto& back = answer.at("rolls_back_to"); !back.is_null())
    lines.push_back("rollback leads to " + harmless(back.get<std::string>()));
  return lines;
}

namespace {

/// What is in force, and to what `rollback` leads from there.
std::string in_force_line(const json& answer) {
  const auto name = harmless(answer.at("in_force").get<std::string>());
  if (!answer.contains("rolls_back_to")) // an earlier winnowd
    return name + " is in force, in the place of " + harmless(answer.at("was").get<std::string>());
  const auto& before = answer.at("rolls_back_to");
  return name + " is in force, before it " +
         (before.is_null() ? "no other version was" : harmless(before.get<std::string>()));
}

} // namespace

std::vector<std::string> steered_lines(const json& answer) {
  const auto text = [&](const char* key) { return harmless(answer.at(key).get<std::string>()); };
  std::vector<std::string> lines;
  if (answer.contains("shadow"))
    lines.push_back(answer.at("shadow").is_null()
                        ? text("was") + ": no longer the shadow"
                        : text("shadow") + ": the shadow, ranks " +
                              percent_text(answer.at("share").get<double>()) + " of the lists, too");
  else if (answer.contains("in_force"))
    lines.push_back(in_force_line(answer));
  else if (answer.contains("loaded"))
    lines.push_back(text("loaded") + ": loaded" +
                    (answer.contains("report") ? "" : ", and not compared with the one in force"));
  else if (answer.contains("deleted"))
    lines.push_back(text("deleted") + ": deleted");
  else
    lines.push_back(text("version") + (answer.at("pinned").get<bool>() ? ": pinned" : ": no longer pinned"));
  if (answer.contains("report"))
    append_report(lines, answer.at("report"));
  if (answer.contains("experiment_ended"))
    lines.push_back("experiment " + text("experiment_ended") + " has ended: all users get " +
                    text("in_force"));
  if (answer.contains("warning"))
    lines.push_back("warning: " + text("warning"));
  return lines;
}

} // namespace winnow
