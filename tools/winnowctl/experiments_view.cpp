#include "tools/winnowctl/experiments_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <cstdio>
#include <set>

namespace winnow {

namespace {

using nlohmann::json;

std::string number_text(double number, const char* format) {
  char text[48];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string number_text(const json& number, const char* format) {
  return number_text(number.get<double>(), format);
}

/// E.g. `0.0412 (0.0350 to 0.0484)`.
std::string estimate_text(const json& one, const char* format = "%.4f") {
  return number_text(one.at("value"), format) + " (" + number_text(one.at("low"), format) + " to " +
         number_text(one.at("high"), format) + ")";
}

/// The experiment, without the time of its last change.
std::string trial_text(const json& version) {
  const auto trial = version.value("trial", json());
  return trial.is_null() ? "-"
                         : harmless(trial.get<std::string>().substr(0, trial.get<std::string>().find('@')));
}

std::string times_text(const json& version) {
  return local_time(version.at("since").get<double>(), "%F %H:%M") + " to " +
         local_time(version.at("until").get<double>(), "%F %H:%M");
}

double share_of(const json& what, const json& arm) {
  double all = 0;
  for (const auto& one : what.at("versions"))
    all += one.at("weight").get<double>();
  return all > 0 ? arm.at("weight").get<double>() / all : 0;
}

std::string title_of(const json& what) {
  return "experiment " + harmless(what.at("name").get<std::string>());
}

/// One line for each version of an experiment, with its share.
void append_shares(std::vector<std::string>& lines, const json& what) {
  text_table table({"version", "digest", "share of the users"});
  for (const auto& one : what.at("versions"))
    table.add({harmless(one.at("version").get<std::string>()), harmless(one.at("digest").get<std::string>()),
               number_text(share_of(what, one) * 100, "%.2f %%")});
  for (auto& line : table.lines())
    lines.push_back("  " + std::move(line));
}

/// E.g. `experiment layout, since 2026-11-29 09:00, changed 2026-11-29 10:00`.
std::string state_of(const json& what) {
  const auto time = [&](const char* key) { return local_time(what.at(key).get<double>(), "%F %H:%M"); };
  auto text = title_of(what) + ", since " + time("started");
  if (what.at("changed") != what.at("started"))
    text += ", changed " + time("changed");
  if (!what.at("stopped").is_null())
    text += ", stopped " + time("stopped");
  if (what.contains("problem"))
    text += ": does not run: " + harmless(what.at("problem").get<std::string>());
  return text;
}

/// E.g. `hit rate +0.0210 (+0.0120 to +0.0300), confidence 99.9 %`.
std::string difference_text(const char* what, const json& one) {
  constexpr double nearly_sure = 0.9995;
  const auto confidence = one.at("confidence").get<double>();
  return std::string(what) + " " + estimate_text(one, "%+.4f") + ", confidence " +
         (confidence >= nearly_sure ? "over 99.9 %" : number_text(confidence * 100, "%.1f %%"));
}

bool is_plain(const json& one) {
  return one.value("placement", json()).is_null();
}

std::string placement_text(const json& one) {
  return is_plain(one) ? "-" : harmless(one.at("placement").get<std::string>());
}

/// What was taken after plain lists, or after those of placements.
void append_versions(std::vector<std::string>& lines, const json& answer, bool plain) {
  text_table table({"lists of", plain ? "in" : "at", "taken", "1", "2-5", "6-10", "11-20", "21-200", "not",
                    "hit rate", "MRR", "list's age", "counted"});
  bool has_some = false;
  for (const auto& one : answer.at("versions")) {
    if (is_plain(one) != plain)
      continue;
    has_some = true;
    const auto& places = one.at("places");
    table.add({harmless(one.at("version").get<std::string>()), plain ? trial_text(one) : placement_text(one),
               one.at("taken").dump(), places.at("1").dump(), places.at("2-5").dump(),
               places.at("6-10").dump(), places.at("11-20").dump(), places.value("21-200", json(0)).dump(),
               places.at("not").dump(), estimate_text(one.at("hit_rate")), estimate_text(one.at("mrr")),
               duration_text(one.at("mean_age_seconds").get<double>() * 1e6), times_text(one)});
  }
  if (!has_some)
    return;
  for (auto& line : table.lines())
    lines.push_back(std::move(line));
  lines.emplace_back();
}

/// The last days on which something was taken.
void append_days(std::vector<std::string>& lines, const json& answer) {
  constexpr std::size_t shown = 7;
  std::set<std::string> days;
  for (const auto& one : answer.value("days", json::array()))
    days.insert(one.at("day").get<std::string>());
  while (days.size() > shown)
    days.erase(days.begin());
  if (days.empty())
    return;
  text_table table({"day (UTC)", "lists of", "at", "users", "taken", "hit rate", "MRR"});
  for (const auto& one : answer.at("days"))
    if (days.count(one.at("day").get<std::string>()) > 0)
      table.add({harmless(one.at("day").get<std::string>()), harmless(one.at("version").get<std::string>()),
                 placement_text(one), one.at("users").dump(), one.at("taken").dump(),
                 estimate_text(one.at("hit_rate")), estimate_text(one.at("mrr"))});
  for (auto& line : table.lines())
    lines.push_back(std::move(line));
  lines.emplace_back();
}

void append_experiment(std::vector<std::string>& lines, const json& what) {
  if (!what.contains("name")) {
    lines.push_back("experiments: " + harmless(what.at("problem").get<std::string>()));
    return;
  }
  lines.push_back(state_of(what));
  text_table table({"version", "share", "users", "lists", "taken", "hit rate", "MRR"});
  for (const auto& one : what.at("versions"))
    table.add({harmless(one.at("version").get<std::string>()),
               number_text(one.at("share").get<double>() * 100, "%.2f %%"), one.at("users").dump(),
               one.at("lists").dump(), one.at("taken").dump(), estimate_text(one.at("hit_rate")),
               estimate_text(one.at("mrr"))});
  for (auto& line : table.lines())
    lines.push_back("  " + std::move(line));
  for (const auto& one : what.at("differences"))
    lines.push_back("  " + harmless(one.at("version").get<std::string>()) + " less " +
                    harmless(one.at("than").get<std::string>()) + ": " +
                    difference_text("hit rate", one.at("hit_rate")) + "; " +
                    difference_text("MRR", one.at("mrr")));
  const auto& ratio = what.at("sample_ratio");
  const auto odds = "chi square " + number_text(ratio.at("chi_square"), "%.2f") + ", p " +
                    number_text(ratio.at("probability"), "%.4f");
  lines.push_back(ratio.at("is_off").get<bool>()
                      ? "  WARNING: the versions do not have the users that their shares say (" + odds +
                            "): trust no figure above before you know why"
                      : "  users as the shares say (" + odds + ")");
  lines.push_back("  Since the shares last changed. Users who took something; lists that were stored.");
}

} // namespace

std::vector<std::string> experiment_lines(const json& answer) {
  const auto& what = answer.at("experiment");
  std::vector<std::string> lines{title_of(what) + (what.at("stopped").is_null() ? " runs" : " has stopped")};
  append_shares(lines, what);
  if (answer.contains("warning"))
    lines.push_back("warning: " + harmless(answer.at("warning").get<std::string>()));
  return lines;
}

std::vector<std::string> experiments_lines(const json& answer) {
  std::vector<std::string> lines;
  if (const auto what = answer.value("experiment", json()); !what.is_null()) {
    append_experiment(lines, what);
    lines.emplace_back();
  }
  if (answer.at("versions").empty()) {
    lines.push_back("nobody has taken an item since a list was stored; the last lists of " +
                    answer.at("users").dump() + " users are known");
    return lines;
  }
  append_versions(lines, answer, true);
  append_versions(lines, answer, false);
  append_days(lines, answer);
  for (const auto& one : answer.at("differences"))
    lines.push_back("hit rate of " + harmless(one.at("version").get<std::string>()) + " less that of " +
                    harmless(one.at("than").get<std::string>()) + ": " +
                    estimate_text(one.at("hit_rate"), "%+.4f"));
  lines.push_back("Intervals of 95 %. Outside of experiments, versions were served one after the other, not "
                  "to users chosen "
                  "at random: a difference may come from the time, and a hit need not come from the list.");
  return lines;
}

} // namespace winnow
