#include "actors/admin/rules_json.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

double unix_time(rules_board::clock::time_point when) {
  return std::chrono::duration<double>(when.time_since_epoch()).count();
}

} // namespace

ordered_json rules_array(const shop_rules& rules, std::string_view placement) {
  auto lines = ordered_json::array();
  for (const auto& rule : in_words(rules, placement))
    lines.push_back({{"path", rule.path}, {"words", rule.words}});
  return lines;
}

std::string rules_json(const rules_board::report& report) {
  ordered_json body = ordered_json::object();
  if (report.rules) {
    const auto& rules = *report.rules;
    body = {{"file", rules.file},
            {"digest", rules.digest},
            {"loaded", unix_time(rules.read_at)},
            {"rules", rules_array(rules, "")}};
    auto placements = ordered_json::object();
    for (const auto& name : rules.names())
      placements[name] = rules_array(rules, name);
    body["placements"] = std::move(placements);
  }
  body["last_reading"] = {{"at", unix_time(report.read_at)}};
  if (!report.fault.empty())
    body["last_reading"]["fault"] = report.fault;
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace winnow
