#include "actors/registry/gate_report.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

ordered_json json_of(const replayed_version& one, std::size_t profiles) {
  const double microseconds = std::chrono::duration<double, std::micro>(one.time).count();
  return {{"short_lists", one.short_lists},
          {"popular_lists", one.popular_lists},
          {"hits", one.hits},
          {"different_items", one.different_items},
          {"microseconds_per_list", profiles == 0 ? 0 : microseconds / static_cast<double>(profiles)}};
}

} // namespace

ordered_json json_of(const gate_report& report) {
  const auto& compared = report.compared;
  ordered_json object{{"version", report.version},
                      {"digest", report.digest},
                      {"against", report.against},
                      {"against_digest", report.against_digest},
                      {"judged", report.judged},
                      {"passed", report.passed()},
                      {"objections", report.objections},
                      {"profiles", compared.profiles},
                      {"with_newest", compared.with_newest},
                      {"overlap", compared.overlap},
                      {"shift", compared.shift},
                      {"times_compare", compared.times_compare},
                      {"in_force", json_of(compared.in_force, compared.profiles)},
                      {"candidate", json_of(compared.candidate, compared.profiles)}};
  if (compared.profiles < least_replayed_profiles)
    object["warning"] = "too few profiles to judge by: " + std::to_string(compared.profiles) +
                        " of at least " + std::to_string(least_replayed_profiles);
  return object;
}

std::string refusal_text(const gate_report& report) {
  std::string text = "version " + report.version + " did not pass the gate: ";
  for (const auto& one : report.objections)
    text += (&one == &report.objections.front() ? "" : "; ") + one;
  return text;
}

} // namespace winnow
