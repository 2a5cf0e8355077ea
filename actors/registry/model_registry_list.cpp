#include "actors/registry/json_text.hpp"
#include "actors/registry/model_registry.hpp"
#include "config/log/log.hpp"
#include "models/model_files.hpp"
#include "models/registry/version_directory.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

// What operators see of the registry, keep in it and delete.

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr const char* component = "models";

bool is_same(const std::filesystem::path& one, const std::filesystem::path& other) {
  std::error_code missing;
  return std::filesystem::equivalent(one, other, missing);
}

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

/// With the lock. Says why a version must not be deleted, under whatever name its directory is served.
/// @return Empty if nothing needs it.
std::string model_registry::why_needed(const std::string& name) const {
  const auto directory = std::filesystem::path(parts_.settings.dir) / versions_directory / name;
  for (const auto& one : held_) {
    if (!is_served(one.name) || (one.name != name && !is_same(one.models->directory, directory)))
      continue;
    const bool is_tried = one.name != in_force_;
    auto why = "version " + name;
    why += is_tried ? " is in an experiment, or the shadow" : " is in force";
    if (one.name != name)
      why.append(", under the name ").append(one.name);
    if (is_tried)
      why += ": stop that first";
    return why;
  }
  auto next_start = parts_.settings;
  next_start.version.clear();
  if (const auto named = locate_models(next_start); named && is_same(named->directory, directory))
    return "version " + name + " is what " + current_entry +
           " names, so the next start needs it: promote another one first";
  return {};
}

result<std::string> model_registry::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (const auto why = why_needed(name); !why.empty())
    return fail(fault::conflict, why);
  if (const auto done = delete_version(parts_.settings.dir, name); !done)
    return tl::unexpected(done.error());
  log_event(log_level::info, component, "version deleted", {{"version", name}});
  earlier_.erase(std::remove_if(earlier_.begin(), earlier_.end(),
                                [&](const earlier_version& one) { return one.name == name; }),
                 earlier_.end());
  // What stood around it may be the same, or be in force: going back there would change nothing.
  // Of the same name, the later one stays, whose files were in force last.
  const auto is_same = [](const earlier_version& a, const earlier_version& b) { return a.name == b.name; };
  earlier_.erase(earlier_.begin(), std::unique(earlier_.rbegin(), earlier_.rend(), is_same).base());
  if (!earlier_.empty() && earlier_.back().name == in_force_)
    earlier_.pop_back();
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
    const bool replaced = loaded != nullptr && is_replaced(*loaded);
    if (replaced) { // date and quality are those of other files
      entry.published.reset();
      entry.metrics.reset();
    }
    if (loaded != nullptr)
      entry.digest = loaded->models->version;
    auto object = entry_json(entry);
    object["in_force"] = entry.name == in_force_;
    object["loaded"] = loaded != nullptr;
    object["replaced"] = replaced;
    object["users_share"] = shares.count(entry.name) != 0 ? shares.at(entry.name) : 0;
    object["shadow"] = shadow_runs_ && trials_.shadow->version == entry.name;
    const auto* const report = loaded != nullptr ? valid_report(*loaded) : nullptr;
    object["gate"] =
        report == nullptr ? ordered_json() : ordered_json(report->passed() ? "passed" : "refused");
    versions.push_back(std::move(object));
  }
  return json_text({{"in_force", in_force_},
                    {"shadow", shadow_runs_ ? shadow_json(*trials_.shadow, *shadow_did_) : ordered_json()},
                    {"rolls_back_to", earlier_.empty() ? ordered_json() : ordered_json(earlier_.back().name)},
                    {"versions", std::move(versions)}});
}

} // namespace winnow
