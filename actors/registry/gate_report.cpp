#include "actors/registry/gate_report.hpp"

#include "actors/registry/json_text.hpp"
#include "config/files/file_name.hpp"
#include "models/files/output_file.hpp"
#include "models/files/text_file.hpp"

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

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 20U;

/// May throw `json::exception`, as what follows.
replayed_version replay_in(const nlohmann::json& object, std::size_t profiles) {
  replayed_version read;
  read.short_lists = object.at("short_lists").get<std::size_t>();
  read.popular_lists = object.at("popular_lists").get<std::size_t>();
  read.hits = object.at("hits").get<std::size_t>();
  read.different_items = object.at("different_items").get<std::size_t>();
  read.time = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double, std::micro>(
      object.at("microseconds_per_list").get<double>() * static_cast<double>(profiles)));
  return read;
}

gate_report report_in(const nlohmann::json& object) {
  gate_report read;
  read.version = object.at("version").get<std::string>();
  read.digest = object.at("digest").get<std::string>();
  read.against = object.at("against").get<std::string>();
  read.against_digest = object.at("against_digest").get<std::string>();
  read.judged = object.at("judged").get<std::int64_t>();
  read.objections = object.at("objections").get<std::vector<std::string>>();
  auto& compared = read.compared;
  compared.profiles = object.at("profiles").get<std::size_t>();
  compared.with_newest = object.at("with_newest").get<std::size_t>();
  compared.overlap = object.at("overlap").get<double>();
  compared.shift = object.at("shift").get<double>();
  compared.times_compare = object.at("times_compare").get<bool>();
  compared.in_force = replay_in(object.at("in_force"), compared.profiles);
  compared.candidate = replay_in(object.at("candidate"), compared.profiles);
  return read;
}

} // namespace

std::filesystem::path reports_file(const std::filesystem::path& home) {
  return home / ".winnow-live" / "gate_reports.json";
}

result<std::vector<gate_report>> read_reports(const std::filesystem::path& file) {
  std::vector<gate_report> reports;
  if (is_absent(file))
    return reports;
  const auto text = read_file(file, most_bytes);
  if (!text)
    return tl::unexpected(text.error());
  try {
    for (const auto& one : nlohmann::json::parse(*text))
      reports.push_back(report_in(one));
  } catch (const nlohmann::json::exception& broken) {
    return fail(fault::malformed, file.string() + ": " + broken.what());
  }
  return reports;
}

result<void> write_reports(const std::filesystem::path& file, const std::vector<gate_report>& reports) {
  auto all = ordered_json::array();
  for (const auto& one : reports)
    all.push_back(json_of(one));
  return write_file(file, json_text(all) + "\n");
}

std::string refusal_text(const gate_report& report) {
  std::string text = "version " + report.version + " did not pass the gate: ";
  for (const auto& one : report.objections)
    text += (&one == &report.objections.front() ? "" : "; ") + one;
  return text;
}

} // namespace winnow
