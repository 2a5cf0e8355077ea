#include "tools/winnowctl/trace_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <algorithm>
#include <cstdio>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::size_t shown_history = 10;

std::string number(double value, const char* format = "%.4f") {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

const json* stage_of(const json& trace, const char* name) {
  for (const auto& stage : trace.at("stages"))
    if (stage.at("stage") == name)
      return &stage;
  return nullptr;
}

/// Returns an item's score at a stage and its rank there: `1.2345 #3`; `-` if the stage does not have it.
std::string standing(const json* stage, const std::string& item, const char* value = "score") {
  if (!stage || !stage->contains("items"))
    return "-";
  std::size_t place = 0;
  for (const auto& one : stage->at("items")) {
    ++place;
    if (one.at("item") == item)
      return (one.contains(value) ? number(one.at(value).get<double>()) + " " : std::string()) + "#" +
             std::to_string(place);
  }
  return "-";
}

/// Whether the item was adopted while serving. A `*` marks it.
bool is_adopted(const json* generated, const std::string& item) {
  if (generated && generated->contains("items"))
    for (const auto& one : generated->at("items"))
      if (one.at("item") == item)
        return one.value("adopted", false);
  return false;
}

/// Returns which sources found a candidate: `lightgcn+transitions`; `-` if the models have one source.
std::string sources_text(const json* generated, const std::string& item) {
  std::string text;
  if (generated && generated->contains("items"))
    for (const auto& one : generated->at("items"))
      if (one.at("item") == item && one.contains("sources"))
        for (const auto& source : one.at("sources"))
          text += (text.empty() ? "" : "+") + harmless(source.get<std::string>());
  return text.empty() ? "-" : text;
}

std::string stage_line(const json& stage) {
  const auto name = harmless(stage.at("stage").get<std::string>());
  const auto took = duration_text(stage.at("us").get<double>());
  if (stage.contains("error"))
    return "  " + name + "  " + took + "  left out: " + harmless(stage.at("error").get<std::string>());
  const auto all = stage.at("items").size();
  const auto kept = std::min(all, stage.at("keep").get<std::size_t>());
  std::string line =
      "  " + name + "  " + took + "  kept " + std::to_string(kept) + " of " + std::to_string(all);
  if (stage.contains("source"))
    line += "  (" + harmless(stage.at("source").get<std::string>()) + ")";
  return line;
}

void add_list(std::vector<std::string>& lines, const json& trace) {
  text_table table({"ITEM", "FOUND BY", "LIGHTGCN", "DIN", "CLICK", "RANKNET", "BECAUSE"});
  const auto* first = stage_of(trace, "candidate_generator");
  const auto* din = stage_of(trace, "din_ranker");
  const auto* last = stage_of(trace, "ranknet_ranker");
  std::size_t at = 0;
  for (const auto& recommended : trace.at("recommendations")) {
    const auto item = recommended.get<std::string>();
    std::string because = "-";
    if (const auto& reason = trace.at("because").at(at++); reason.contains("history_item"))
      because = harmless(reason.at("history_item").get<std::string>()) + " " +
                number(reason.at("weight").get<double>(), "%.2f");
    auto click = standing(din, item, "probability");
    click.erase(std::min(click.find(" #"), click.size()));
    table.add({harmless(item) + (is_adopted(first, item) ? "*" : ""), sources_text(first, item),
               standing(first, item), standing(din, item), click, standing(last, item), because});
  }
  const auto made = table.lines();
  lines.insert(lines.end(), made.begin(), made.end());
}

void add_attention(std::vector<std::string>& lines, const json& trace) {
  auto looked_at = trace.at("attention").get<std::vector<json>>();
  if (looked_at.empty())
    return;
  std::stable_sort(looked_at.begin(), looked_at.end(),
                   [](const json& a, const json& b) { return a.at("weight") > b.at("weight"); });
  lines.emplace_back();
  lines.push_back("DIN's attention on the history, over the list");
  for (std::size_t i = 0; i < std::min(looked_at.size(), shown_history); ++i)
    lines.push_back("  " + number(looked_at[i].at("weight").get<double>(), "%.3f") + "  " +
                    harmless(looked_at[i].at("item").get<std::string>()));
}

} // namespace

std::vector<std::string> trace_lines(const json& trace) {
  const auto& history = trace.at("history");
  const auto known = std::count_if(history.begin(), history.end(),
                                   [](const json& one) { return one.at("known").get<bool>(); });
  std::vector<std::string> lines{"user " + harmless(trace.at("user_id").get<std::string>()) +
                                     (trace.at("known_user").get<bool>() ? "" : " (without an embedding)") +
                                     "  models " + harmless(trace.at("model_version").get<std::string>()) +
                                     "  in " + duration_text(trace.at("total_us").get<double>()),
                                 "  " + harmless(trace.at("profile_key").get<std::string>()) + "  " +
                                     duration_text(trace.at("profile_us").get<double>()) + "  " +
                                     std::to_string(history.size()) + " items, " + std::to_string(known) +
                                     " of them in the catalogue"};
  if (trace.contains("rules"))
    lines.push_back("  by the shop's rules " + harmless(trace.at("rules").get<std::string>()) +
                    (trace.contains("rules_left_out")
                         ? ", but what they pin and arrange is left out: " +
                               harmless(trace.at("rules_left_out").get<std::string>())
                         : std::string(", also what they pin and arrange")));
  for (const auto& stage : trace.at("stages"))
    lines.push_back(stage_line(stage));
  lines.emplace_back();
  add_list(lines, trace);
  add_attention(lines, trace);
  return lines;
}

} // namespace winnow
