#include "actors/admin/experiments_json.hpp"

#include "models/online/taken_watch.hpp"

#include <nlohmann/json.hpp>

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
          {"since", one.since},
          {"until", one.until},
          {"taken", one.taken},
          {"places", std::move(places)},
          {"hit_rate", object_of(hit_rate(one))},
          {"mrr", object_of(mean_reciprocal_rank(one))},
          {"mean_age_seconds", one.hits() == 0 ? 0 : one.ages / static_cast<double>(one.hits())}};
}

} // namespace

std::string experiments_json(const taken_watch& watch) {
  auto versions = ordered_json::array();
  auto differences = ordered_json::array();
  const taken_outcome* before = nullptr;
  const auto outcomes = watch.outcomes();
  for (const auto& one : outcomes) {
    if (one.taken == 0)
      continue;
    versions.push_back(object_of(one));
    if (before != nullptr)
      differences.push_back({{"version", one.version},
                             {"than", before->version},
                             {"hit_rate", object_of(hit_rate_difference(one, *before))}});
    before = &one;
  }
  return ordered_json{
      {"users", watch.users()}, {"versions", std::move(versions)}, {"differences", std::move(differences)}}
      .dump();
}

} // namespace winnow
