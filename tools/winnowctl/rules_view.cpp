#include "tools/winnowctl/rules_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <map>

namespace winnow {

namespace {

using nlohmann::json;

std::string text_of(const json& from, const char* member) {
  return harmless(from.at(member).get<std::string>());
}

void add_rules(const std::string& title, const json& rules, std::vector<std::string>& lines) {
  lines.push_back(title + (rules.empty() ? ": none" : ""));
  for (const auto& rule : rules)
    lines.push_back("  " + text_of(rule, "path") + ": " + text_of(rule, "words"));
}

/// What moved an item.
std::string reasons_of(const json& move, const std::map<std::string, std::string>& words) {
  std::string text;
  for (const auto& rule : move.at("rules")) {
    const auto path = harmless(rule.get<std::string>());
    const auto known = words.find(path);
    text += (text.empty() ? "" : "; ") + path + (known == words.end() ? "" : " (" + known->second + ")");
  }
  return text.empty() ? "moved by others" : text;
}

std::string place_of(const json& move, const char* which) {
  return move.contains(which) ? move.at(which).dump() : "-";
}

} // namespace

std::vector<std::string> rules_lines(const json& answer) {
  std::vector<std::string> lines;
  lines.push_back("rules of " + text_of(answer, "file") + ", loaded " +
                  local_time(answer.at("loaded").get<double>(), "%F %T") + ", digest " +
                  text_of(answer, "digest"));
  const auto& last = answer.at("last_reading");
  if (last.contains("fault"))
    lines.push_back("the last reading, " + local_time(last.at("at").get<double>(), "%F %T") +
                    ", was refused: " + text_of(last, "fault"));
  add_rules("for all lists", answer.at("rules"), lines);
  for (const auto& [name, rules] : answer.at("placements").items())
    add_rules("placement " + harmless(name), rules, lines);
  return lines;
}

std::vector<std::string> trial_lines(const json& answer) {
  std::map<std::string, std::string> words;
  for (const auto& rule : answer.at("rules"))
    words[text_of(rule, "path")] = text_of(rule, "words");
  std::map<std::string, json> moves;
  for (const auto& move : answer.at("moves"))
    moves[move.at("item_id").get<std::string>()] = move;

  text_table table({"ITEM", "WITHOUT", "WITH", "RULES"});
  std::size_t place = 0;
  for (const auto& item : answer.at("with")) {
    const auto id = item.get<std::string>(), with = std::to_string(++place);
    const auto move = moves.find(id);
    table.add(move == moves.end() ? text_table::row{harmless(id), with, with, ""}
                                  : text_table::row{harmless(id), place_of(move->second, "without"), with,
                                                    reasons_of(move->second, words)});
  }
  for (const auto& move : answer.at("moves"))
    if (!move.contains("with"))
      table.add({text_of(move, "item_id"), place_of(move, "without"), "-", reasons_of(move, words)});

  std::vector<std::string> lines{
      "user " + text_of(answer, "user_id") +
      (answer.contains("placement") ? "  placement " + text_of(answer, "placement") : "") + "  rules " +
      text_of(answer, "digest") + "  models " + text_of(answer, "model_version")};
  if (answer.contains("shortage"))
    lines.push_back(text_of(answer, "shortage"));
  for (auto& line : table.lines())
    lines.push_back(std::move(line));
  return lines;
}

} // namespace winnow
