#include "actors/registry/json_text.hpp"
#include "actors/registry/model_registry.hpp"
#include "config/log/log.hpp"
#include "models/registry/version_directory.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

// What operators see of the registry, keep in it and delete.

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr const char* component = "models";

ordered_json metrics_json(const offline_metrics& measured) {
  return {{"ranking", measured.ranking},   {"k", measured.k},
          {"recall", measured.recall},     {"ndcg", measured.ndcg},
          {"hit_rate", measured.hit_rate}, {"mrr", measured.mrr}};
}

ordered_json entry_json(const version_entry& entry) {
  return {{"name", entry.name},
          {"published", entry.published ? ordered_json(*entry.published) : ordered_json()},
          {"digest", entry.digest},
          {"metrics", entry.metrics ? metrics_json(*entry.metrics) : ordered_json()},
          {"pinned", entry.pinned}};
}

ordered_json shadow_json(const shadow_order& order, const shadow_record& record) {
  const auto did = record.so_far();
  return {{"version", order.version},
          {"share", order.share},
          {"compared", did.compared},
          {"dropped", did.dropped},
          {"failed", did.failed},
          {"overlap", did.overlap},
          {"score_difference", did.score},
          {"microseconds_per_list", did.shadow_seconds * 1e6},
          {"microseconds_in_force", did.served_seconds * 1e6}};
}

} // namespace

result<std::string> model_registry::pin(const std::string& name, bool pinned) {
  if (const auto done = pin_version(parts_.settings.dir, name, pinned); !done)
    return tl::unexpected(done.error());
  const std::lock_guard lock(mutex_);
  pinned_.erase(std::remove(pinned_.begin(), pinned_.end(), name), pinned_.end());
  if (pinned)
    pinned_.push_back(name);
  forget_old();
  return json_text({{"status", "success"}, {"version", name}, {"pinned", pinned}});
}

result<std::string> model_registry::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (name == in_force_)
    return fail(fault::conflict, "version " + name + " is in force");
  if (is_in_trial(name))
    return fail(fault::conflict, "version " + name + " is in an experiment, or the shadow: stop that first");
  if (const auto done = delete_version(parts_.settings.dir, name); !done)
    return tl::unexpected(done.error());
  log_event(log_level::info, component, "version deleted", {{"version", name}});
  earlier_.erase(std::remove(earlier_.begin(), earlier_.end(), name), earlier_.end());
  if (aside_ == name)
    aside_.clear();
  forget_old();
  return json_text({{"status", "success"}, {"deleted", name}});
}

result<std::string> model_registry::list() const {
  auto entries = list_versions(parts_.settings.dir);
  if (!entries)
    return tl::unexpected(entries.error());
  const std::lock_guard lock(mutex_);
  for (const auto& one : held_) // deleted on disk, or elsewhere
    if (std::none_of(entries->begin(), entries->end(),
                     [&](const version_entry& entry) { return entry.name == one.name; }))
      entries->push_back({one.name, one.models->directory, std::nullopt, {}, std::nullopt, false});
  const auto shares = shares_by_version();
  auto versions = ordered_json::array();
  for (auto& entry : *entries) {
    const auto* const loaded = find(entry.name);
    if (loaded != nullptr)
      entry.digest = loaded->models->version;
    auto object = entry_json(entry);
    object["in_force"] = entry.name == in_force_;
    object["loaded"] = loaded != nullptr;
    object["users_share"] = shares.count(entry.name) != 0 ? shares.at(entry.name) : 0;
    object["shadow"] = shadow_runs_ && trials_.shadow->version == entry.name;
    const auto* const report = loaded != nullptr ? valid_report(*loaded) : nullptr;
    object["gate"] =
        report == nullptr ? ordered_json() : ordered_json(report->passed() ? "passed" : "refused");
    versions.push_back(std::move(object));
  }
  return json_text({{"in_force", in_force_},
                    {"shadow", shadow_runs_ ? shadow_json(*trials_.shadow, *shadow_did_) : ordered_json()},
                    {"rolls_back_to", earlier_.empty() ? ordered_json() : ordered_json(earlier_.back())},
                    {"versions", std::move(versions)}});
}

} // namespace winnow
