#include "actors/admin/status_json.hpp"

#include "actors/admin/fleet_json.hpp"
#include "actors/json_time.hpp"
#include "config/log/log.hpp"
#include "config/settings/table/setting_value.hpp"
#include "config/version.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace winnow {

namespace {

using nlohmann::ordered_json;
using std::chrono::system_clock;

std::int64_t milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

/// Rounds to three decimals.
double rounded(double value) {
  return std::round(value * 1e3) / 1e3;
}

std::string_view level_in_force() {
  for (const auto level : {log_level::trace, log_level::debug, log_level::info, log_level::warning})
    if (log_enabled(level))
      return to_string(level);
  return to_string(log_level::error);
}

/// How the lists differ from those of the training. Without histograms or with few lists, `indices` is empty.
ordered_json drift_object(const daemon_facts& facts) {
  auto indices = ordered_json::object();
  for (const auto& [name, index] : facts.drift.indices)
    indices[name] = rounded(index);
  return {{"observed_lists", facts.drift.lists},
          {"unknown_items", rounded(facts.drift.unknown_items)},
          {"unknown_users", rounded(facts.drift.unknown_users)},
          {"stability_indices", indices}};
}

ordered_json daemon_object(const daemon_facts& facts) {
  const auto reasons = facts.health.reasons_not_ready();
  return {{"version", version()},
          {"pid", ::getpid()},
          {"up_since", unix_time(facts.up_since)},
          {"up_ms", milliseconds(system_clock::now() - facts.up_since)},
          {"model_version", facts.model_version},
          {"model_trained_at", facts.trained_at},
          {"retrieval", facts.retrieval},
          {"drift", drift_object(facts)},
          {"ready", reasons.empty()},
          {"reasons", reasons},
          {"degraded", facts.health.reasons_degraded()},
          {"in_flight", facts.health.in_flight.load()},
          {"log_level", level_in_force()}};
}

ordered_json actor_object(const reported_actor& one) {
  const auto& [status, figures] = one;
  ordered_json body{{"id", status.id},
                    {"parent", status.parent},
                    {"name", status.name},
                    {"group", status.group},
                    {"state", to_string(status.state)},
                    {"up_since", unix_time(status.up_since)},
                    {"up_ms", milliseconds(system_clock::now() - status.up_since)},
                    {"doing", nullptr},
                    {"doing_ms", milliseconds(status.doing_for)},
                    {"silent_ms", milliseconds(status.silent_for)},
                    {"handled", status.handled},
                    {"rate", rounded(figures.rate)},
                    {"busy", rounded(figures.busy)},
                    {"in_flight", status.in_flight},
                    {"queue", status.queue_depth},
                    {"queue_capacity", status.queue_capacity},
                    {"p50_us", figures.p50.count()},
                    {"p99_us", figures.p99.count()},
                    {"max_us", figures.longest.count()},
                    {"restarts", status.restarts},
                    {"restarts_in_window", status.restarts_in_window},
                    {"last_error", nullptr},
                    {"last_error_at", nullptr}};
  if (!status.doing.empty())
    body["doing"] = status.doing;
  if (!status.last_error.empty()) {
    body["last_error"] = status.last_error;
    body["last_error_at"] = unix_time(status.last_error_at);
  }
  return body;
}

std::string dumped(const ordered_json& body) {
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

std::string status_json(const daemon_facts& facts, const status_report& report) {
  ordered_json body;
  body["daemon"] = daemon_object(facts);
  if (facts.fleet != nullptr)
    body["fleet"] = fleet_object(*facts.fleet);
  auto& actors = body["actors"] = ordered_json::array();
  for (const auto& one : report.actors)
    actors.push_back(actor_object(one));
  return dumped(body);
}

std::string history_json(const activity_history::samples& history) {
  ordered_json body{{"interval_s", activity_history::interval.count()}};
  auto times = ordered_json::array();
  auto actors = ordered_json::object();
  std::map<std::uint64_t, ordered_json> columns;
  const auto names = {"rate", "busy", "p50_us", "p99_us", "queue", "in_flight"};
  for (const auto& [id, name] : history.names)
    for (const char* column : names)
      columns[id][column] = ordered_json::array();
  for (const auto& row : history.rows) {
    times.push_back(unix_time(row.time));
    for (const auto& one : row.points) {
      auto& actor_columns = columns[one.id];
      for (const char* column : names) // the actor did not exist in the rows before
        while (actor_columns[column].size() + 1 < times.size())
          actor_columns[column].push_back(nullptr);
      actor_columns["rate"].push_back(rounded(static_cast<double>(one.rate)));
      actor_columns["busy"].push_back(rounded(static_cast<double>(one.busy)));
      actor_columns["p50_us"].push_back(std::lround(one.p50_us));
      actor_columns["p99_us"].push_back(std::lround(one.p99_us));
      actor_columns["queue"].push_back(one.queue_depth);
      actor_columns["in_flight"].push_back(one.in_flight);
    }
  }
  for (auto& [id, actor_columns] : columns) {
    for (auto& column : actor_columns)
      while (column.size() < times.size())
        column.push_back(nullptr);
    actors[history.names.at(id)] = std::move(actor_columns);
  }
  body["time"] = std::move(times);
  body["actors"] = std::move(actors);
  return dumped(body);
}

} // namespace winnow
