#include "actors/registry/json_text.hpp"
#include "actors/registry/model_registry.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

// The gate: versions are compared with the one in force before they come into force.

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr const char* component = "models";
constexpr std::size_t most_reports = 16;

} // namespace

/// With the lock. Whether it must be compared with the version in force before it may come into force.
bool model_registry::needs_judgement(const held& candidate) const {
  return parts_.compare && candidate.is_published && !is_in_force(candidate);
}

/// With the lock. Returns the report on these models beside those in force; null if there is none.
const gate_report* model_registry::valid_report(const held& candidate) const {
  const auto& in_force = find(in_force_)->models->version;
  const auto found = std::find_if(reports_.begin(), reports_.end(), [&](const gate_report& one) {
    return one.version == candidate.name && one.digest == candidate.models->version &&
           one.against_digest == in_force;
  });
  return found == reports_.end() ? nullptr : &*found;
}

/// On the thread of `later`. Compares a version with the one in force, and keeps the report. The version may
/// have left the memory of the registry since it was loaded: other orders do not wait.
result<void> model_registry::judge(const held& candidate) {
  const auto& name = candidate.name;
  model_set_ptr in_force;
  gate_report report;
  {
    const std::lock_guard lock(mutex_);
    if (!needs_judgement(candidate))
      return {};
    in_force = find(in_force_)->models;
    report.against = in_force_;
  }
  report.version = name;
  report.digest = candidate.models->version;
  report.against_digest = in_force->version;
  if (auto compared = parts_.compare(*in_force, *candidate.models)) {
    report.compared = *compared;
    report.objections = objections(*compared, parts_.gate);
  } else {
    report.objections = {compared.error().message};
  }
  report.judged =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  if (report.passed())
    log_event(
        log_level::info, component, "version passed the gate",
        {{"version", name}, {"profiles", report.compared.profiles}, {"overlap", report.compared.overlap}});
  else
    log_event(log_level::warning, component, "version did not pass the gate",
              {{"version", name}, {"reason", refusal_text(report)}});
  const std::lock_guard lock(mutex_);
  reports_.erase(std::remove_if(reports_.begin(), reports_.end(),
                                [&](const gate_report& one) { return one.version == name; }),
                 reports_.end());
  reports_.push_back(std::move(report));
  if (reports_.size() > most_reports)
    reports_.erase(reports_.begin());
  if (const auto kept = write_reports(reports_file(parts_.settings.dir), reports_); !kept)
    log_event(log_level::warning, component, "the next start will not know the reports",
              {{"reason", kept.error().message}});
  return {};
}

/// On the thread of `later`. Judges a version unless that was done. @return Why the gate keeps it out.
result<void> model_registry::pass_gate(const held& candidate) {
  bool is_judged = false;
  {
    const std::lock_guard lock(mutex_);
    is_judged = valid_report(candidate) != nullptr;
  }
  if (!is_judged)
    if (auto judged = judge(candidate); !judged)
      return judged;
  const std::lock_guard lock(mutex_);
  const auto* const report = valid_report(candidate);
  if (report != nullptr && !report->passed())
    return fail(fault::conflict, refusal_text(*report));
  return {};
}

result<std::string> model_registry::report(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  auto all = ordered_json::array();
  for (const auto& one : reports_) {
    if (one.version == name)
      return json_text(json_of(one));
    all.push_back(json_of(one));
  }
  if (!name.empty())
    return fail(fault::not_found, "there is no report on version " + name + ": load it, to have it judged");
  return json_text({{"reports", std::move(all)}});
}

} // namespace winnow
