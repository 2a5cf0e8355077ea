#include "tools/winnowctl/status_view.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace winnow {

namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? harmless(found->get<std::string>()) : std::string();
}

double number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : 0.0;
}

std::string count_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 10 && value != std::floor(value) ? "%.1f" : "%.0f", value);
  return text;
}

std::string latency_text(const json& actor, const char* key) {
  const double us = number_of(actor, key);
  return us > 0 ? duration_text(us) : "-";
}

std::string queue_text(const json& actor) {
  const double capacity = number_of(actor, "queue_capacity");
  const auto depth = count_text(number_of(actor, "queue"));
  return capacity > 0 ? depth + "/" + count_text(capacity) : depth;
}

/// What the actor is doing, or why it does nothing.
std::string doing_text(const json& actor) {
  const auto state = text_of(actor, "state");
  const auto doing = text_of(actor, "doing");
  if (state == "stuck")
    return (doing.empty() ? "waiting for a thread" : doing) + ", silent for " +
           duration_text(number_of(actor, "silent_ms") * 1e3);
  if (state != "running")
    return text_of(actor, "last_error");
  return doing.empty() ? "-" : doing;
}

text_table::row row_of(const json& actor, const std::string& branch) {
  char busy[16];
  std::snprintf(busy, sizeof busy, "%.0f%%", number_of(actor, "busy") * 100);
  return {branch + text_of(actor, "name"),
          text_of(actor, "state"),
          duration_text(number_of(actor, "up_ms") * 1e3),
          count_text(number_of(actor, "rate")),
          busy,
          count_text(number_of(actor, "in_flight")),
          queue_text(actor),
          latency_text(actor, "p50_us"),
          latency_text(actor, "p99_us"),
          latency_text(actor, "max_us"),
          count_text(number_of(actor, "restarts")),
          doing_text(actor)};
}

/// @param drawn The parents so far: an answer in which actors are below themselves has an end, too.
void add_branch(text_table& table, const std::vector<json>& actors, std::uint64_t parent,
                const std::string& indent, bool top, std::set<std::uint64_t>& drawn) {
  if (!drawn.insert(parent).second)
    return;
  std::vector<const json*> children;
  for (const auto& one : actors)
    if (one.value("parent", std::uint64_t{0}) == parent)
      children.push_back(&one);
  for (const auto* one : children) {
    const bool last = one == children.back();
    table.add(row_of(*one, top ? "" : indent + (last ? "└─ " : "├─ ")));
    add_branch(table, actors, one->value("id", std::uint64_t{0}), top ? "" : indent + (last ? "   " : "│  "),
               false, drawn);
  }
}

void sort(std::vector<json>& actors, status_order order) {
  const auto by = [&](auto value) {
    std::stable_sort(actors.begin(), actors.end(),
                     [&](const json& a, const json& b) { return value(a) > value(b); });
  };
  switch (order) {
  case status_order::plain:
  case status_order::tree:
    return;
  case status_order::name:
    std::stable_sort(actors.begin(), actors.end(),
                     [](const json& a, const json& b) { return text_of(a, "name") < text_of(b, "name"); });
    return;
  case status_order::rate:
    return by([](const json& one) { return number_of(one, "rate"); });
  case status_order::busy:
    return by([](const json& one) { return number_of(one, "busy"); });
  case status_order::latency:
    return by([](const json& one) { return number_of(one, "p99_us"); });
  case status_order::in_flight:
    return by([](const json& one) { return number_of(one, "in_flight") + number_of(one, "queue"); });
  }
}

} // namespace

std::vector<std::string> daemon_lines(const json& status) {
  const auto& daemon = status.at("daemon");
  const bool ready = daemon.value("ready", false);
  std::vector<std::string> lines{
      "winnowd " + text_of(daemon, "version") + "  pid " + std::to_string(daemon.value("pid", 0)) + "  up " +
      duration_text(number_of(daemon, "up_ms") * 1e3) + "  models " + text_of(daemon, "model_version") +
      " (" + text_of(daemon, "retrieval") + ")  " + (ready ? "ready" : "NOT READY") + "  in flight " +
      count_text(number_of(daemon, "in_flight")) + "  log " + text_of(daemon, "log_level")};
  if (!ready && daemon.contains("reasons")) {
    std::string reasons = "not ready: ";
    for (const auto& reason : daemon.at("reasons"))
      reasons += (reasons.back() == ' ' ? "" : "; ") + harmless(reason.get<std::string>());
    lines.push_back(reasons);
  }
  return lines;
}

std::vector<std::string> actor_lines(const json& status, status_order order) {
  text_table table(
      {"ACTOR", "STATE", "UP", "RATE/S", "BUSY", "NOW", "QUEUE", "P50", "P99", "MAX", "RESTARTS", "DOING"});
  auto actors = status.at("actors").get<std::vector<json>>();
  if (order == status_order::tree) {
    std::set<std::uint64_t> drawn;
    add_branch(table, actors, 0, "", true, drawn);
  } else {
    sort(actors, order);
    for (const auto& one : actors)
      table.add(row_of(one, ""));
  }
  return table.lines();
}

} // namespace winnow
