#include "tools/winnowctl/slow_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

namespace winnow {

namespace {

using nlohmann::json;

std::string time_text(const json& ms) {
  return duration_text(ms.get<double>() * 1000);
}

/// E.g. `din_ranker 41ms (queue 39ms, batch 32)`; for many lists, the number and times of all of them.
std::string step_text(const json& step) {
  auto text = harmless(step.at("step").get<std::string>()) + " " + time_text(step.at("duration_ms"));
  std::string more;
  const auto add = [&](const std::string& what) { more += (more.empty() ? "" : ", ") + what; };
  if (step.contains("count")) {
    add(step.at("count").dump() + " times");
    add("total " + time_text(step.at("total_ms")));
    add("longest " + time_text(step.at("longest_ms")));
  }
  if (step.contains("queue_ms"))
    add("queue " + time_text(step.at("queue_ms")));
  if (step.contains("compute_ms"))
    add("compute " + time_text(step.at("compute_ms")));
  if (step.contains("batch"))
    add("batch " + step.at("batch").dump());
  const auto failed = step.contains("failures") ? step.at("failures").dump() + " failed: " : "";
  if (step.contains("failure"))
    add(failed + harmless(step.at("failure").get<std::string>()));
  return more.empty() ? text : text + " (" + more + ")";
}

std::string request_line(const json& request) {
  auto line = local_time(request.at("time").get<double>(), "%F %T ") + time_text(request.at("duration_ms")) +
              " " + request.at("status").dump() + " " + harmless(request.at("method").get<std::string>()) +
              " " + harmless(request.at("target").get<std::string>());
  for (const auto& reason : request.at("degraded"))
    line += " [" + harmless(reason.get<std::string>()) + "]";
  return line + " trace=" + harmless(request.at("trace_id").get<std::string>());
}

} // namespace

std::vector<std::string> slow_lines(const json& answer) {
  std::vector<std::string> lines;
  for (const auto& request : answer.at("requests")) {
    lines.push_back(request_line(request));
    std::string steps;
    for (const auto& step : request.at("steps"))
      steps += (steps.empty() ? "  " : ", ") + step_text(step);
    if (!steps.empty())
      lines.push_back(std::move(steps));
  }
  if (lines.empty())
    lines.push_back("no request took " + time_text(answer.at("threshold_ms")) + " or longer");
  return lines;
}

} // namespace winnow
