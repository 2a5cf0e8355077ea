#include "actors/admin/rules_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

double unix_time(rules_board::clock::time_point when) {
  return std::chrono::duration<double>(when.time_since_epoch()).count();
}

/// Whether a misfit, such as `boost[0].filter: …`, is that of the rule with this path.
bool concerns(const std::string& misfit, const std::string& path) {
  return misfit.size() > path.size() && misfit.compare(0, path.size(), path) == 0 &&
         (misfit[path.size()] == '.' || misfit[path.size()] == ':');
}

/// Why the rule is not applied; empty if it is.
std::string reason_against(const rule_in_words& rule, const std::vector<std::string>& left_out) {
  const auto found = std::find_if(left_out.begin(), left_out.end(),
                                  [&](const std::string& misfit) { return concerns(misfit, rule.path); });
  return found == left_out.end() ? std::string() : found->substr(found->find(": ") + 2);
}

} // namespace

ordered_json rules_array(const shop_rules& rules, std::string_view placement,
                         const std::vector<std::string>& left_out) {
  auto lines = ordered_json::array();
  for (const auto& rule : in_words(rules, placement)) {
    const auto reason = reason_against(rule, left_out);
    if (reason.empty())
      lines.push_back({{"path", rule.path}, {"words", rule.words}});
    else
      lines.push_back({{"path", rule.path},
                       {"words", "not applied, as " + reason + ": " + rule.words},
                       {"applied", false}});
  }
  return lines;
}

std::string rules_json(const rules_board::report& report) {
  ordered_json body = ordered_json::object();
  if (report.rules) {
    const auto& rules = *report.rules;
    body = {{"file", rules.file},
            {"digest", rules.digest},
            {"loaded", unix_time(rules.read_at)},
            {"rules", rules_array(rules, "", report.left_out)},
            {"left_out", report.left_out}};
    auto placements = ordered_json::object();
    for (const auto& name : rules.names())
      placements[name] = rules_array(rules, name, report.left_out);
    body["placements"] = std::move(placements);
  }
  body["last_reading"] = {{"at", unix_time(report.read_at)}};
  if (!report.fault.empty())
    body["last_reading"]["fault"] = report.fault;
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace winnow
