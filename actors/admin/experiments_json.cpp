#include "actors/admin/experiments_json.hpp"

#include "models/online/taken_watch.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <nlohmann/json.hpp>
#include <vector>

namespace winnow {

namespace {

using nlohmann::ordered_json;

ordered_json object_of(const estimate& one) {
  return {{"value", one.value}, {"low", one.low}, {"high", one.high}};
}

ordered_json object_of(const taken_outcome& one) {
  auto places = ordered_json::object();
  for (std::size_t i = 0; i < taken_places; ++i)
    places[std::string(to_string(static_cast<taken_place>(i)))] = one.places[i];
  return {{"version", one.version},
          {"trial", one.trial.empty() ? ordered_json() : ordered_json(one.trial)},
          {"placement", one.placement.empty() ? ordered_json() : ordered_json(one.placement)},
          {"users", one.users},
          {"lists", one.lists},
          {"since", one.since},
          {"until", one.until},
          {"taken", one.taken},
          {"places", std::move(places)},
          {"hit_rate", object_of(hit_rate(one))},
          {"mrr", object_of(mean_reciprocal_rank(one))},
          {"mean_age_seconds", one.hits() == 0 ? 0 : one.ages / static_cast<double>(one.hits())}};
}

/// E.g. `2026-11-29`. @param day Since 1970.
std::string date_of(std::int64_t day) {
  const auto begin = static_cast<std::time_t>(day * 86'400);
  std::tm utc{};
  char text[32];
  ::gmtime_r(&begin, &utc);
  return {text, std::strftime(text, sizeof text, "%F", &utc)};
}

/// What was taken on one day.
ordered_json object_of_day(const taken_outcome& one) {
  return {{"day", date_of(one.day)},
          {"version", one.version},
          {"placement", one.placement.empty() ? ordered_json() : ordered_json(one.placement)},
          {"users", one.users},
          {"taken", one.taken},
          {"hit_rate", object_of(hit_rate(one))},
          {"mrr", object_of(mean_reciprocal_rank(one))}};
}

ordered_json object_of_difference(const estimate& one) {
  auto object = object_of(one);
  object["confidence"] = confidence_of(one);
  return object;
}

/// What was counted for a version of the experiment since its weights last changed.
taken_outcome outcome_of(const std::vector<taken_outcome>& outcomes, const experiment& what,
                         const experiment_arm& arm) {
  for (const auto& one : outcomes)
    if (one.version == arm.digest && one.trial == what.trial() && one.placement.empty())
      return one;
  taken_outcome none;
  none.version = arm.digest;
  return none;
}

/// The version with which the others are compared: the one in force, which the experiment has unless it
/// ended.
std::size_t control_of(const experiment& what, const std::string& in_force) {
  for (std::size_t i = 0; i < what.arms.size(); ++i)
    if (what.arms[i].version == in_force)
      return i;
  return 0;
}

ordered_json differences_of(const experiment& what, const std::vector<taken_outcome>& arms,
                            std::size_t control) {
  auto differences = ordered_json::array();
  for (std::size_t i = 0; i < arms.size(); ++i)
    if (i != control)
      differences.push_back(
          {{"version", what.arms[i].version},
           {"than", what.arms[control].version},
           {"hit_rate", object_of_difference(hit_rate_difference(arms[i], arms[control]))},
           {"mrr", object_of_difference(mean_reciprocal_rank_difference(arms[i], arms[control]))}});
  return differences;
}

ordered_json object_of(const model_registry::trials_state& trials,
                       const std::vector<taken_outcome>& outcomes) {
  if (!trials.latest)
    return trials.problem.empty() ? ordered_json()
                                  : ordered_json{{"runs", false}, {"problem", trials.problem}};
  const auto& what = *trials.latest;
  auto object = ordered_json::parse(to_json(what));
  object["runs"] = trials.runs;
  if (!trials.problem.empty())
    object["problem"] = trials.problem;
  std::vector<taken_outcome> arms;
  std::vector<std::uint64_t> users;
  std::vector<double> shares;
  for (std::size_t i = 0; i < what.arms.size(); ++i) {
    arms.push_back(outcome_of(outcomes, what, what.arms[i]));
    const auto& counted = arms.back();
    users.push_back(counted.users);
    shares.push_back(static_cast<double>(
                         std::count(what.buckets.begin(), what.buckets.end(), static_cast<std::uint8_t>(i))) /
                     static_cast<double>(bucket_count));
    object["versions"][i]["share"] = shares.back();
    object["versions"][i]["users"] = counted.users;
    object["versions"][i]["lists"] = counted.lists;
    object["versions"][i]["taken"] = counted.taken;
    object["versions"][i]["hit_rate"] = object_of(hit_rate(counted));
    object["versions"][i]["mrr"] = object_of(mean_reciprocal_rank(counted));
  }
  object["differences"] = differences_of(what, arms, control_of(what, trials.in_force));
  const auto ratio = check_ratio(users, shares);
  object["sample_ratio"] = {
      {"chi_square", ratio.chi_square}, {"probability", ratio.probability}, {"is_off", ratio.is_off()}};
  return object;
}

} // namespace

std::string experiments_json(const taken_watch& watch, const model_registry::trials_state& trials) {
  auto versions = ordered_json::array();
  auto differences = ordered_json::array();
  const taken_outcome* before = nullptr;
  const auto outcomes = watch.outcomes();
  for (const auto& one : outcomes) {
    if (one.taken == 0)
      continue;
    versions.push_back(object_of(one));
    if (!one.trial.empty() || !one.placement.empty()) // compared with others of the experiment, or with none
      continue;
    if (before != nullptr)
      differences.push_back({{"version", one.version},
                             {"than", before->version},
                             {"hit_rate", object_of(hit_rate_difference(one, *before))}});
    before = &one;
  }
  auto days = ordered_json::array();
  for (const auto& one : watch.days())
    days.push_back(object_of_day(one));
  return ordered_json{{"users", watch.users()},
                      {"versions", std::move(versions)},
                      {"days", std::move(days)},
                      {"differences", std::move(differences)},
                      {"experiment", object_of(trials, outcomes)}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace); // a problem may quote a damaged file
}

} // namespace winnow
