#include "actors/registry/model_registry.hpp"

#include "actors/registry/json_text.hpp"
#include "config/log/log.hpp"
#include "models/manifest.hpp"
#include "models/registry/version_directory.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr const char* component = "models";
constexpr std::size_t most_earlier = 16; // names

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

tl::unexpected<error> stopping() {
  return fail(fault::unavailable, "the daemon is starting or stopping");
}

void add_warning(ordered_json& answer, const std::string& text) {
  answer["warning"] = answer.contains("warning") ? answer["warning"].get<std::string>() + "; " + text : text;
}

} // namespace

model_registry::model_registry(registry_parts parts, model_set_ptr first) : parts_(std::move(parts)) {
  in_force_ = version_name_of(first->home, first->directory);
  hold(in_force_, first);
  if (auto reports = read_reports(reports_file(parts_.settings.dir)))
    reports_ = std::move(*reports);
  else
    log_event(log_level::warning, component, "began without the reports of the last run",
              {{"reason", reports.error().message}});
}

void model_registry::serve_with(model_user user) {
  const std::lock_guard lock(mutex_);
  user_ = std::move(user);
}

// ---- what is in memory; with the lock ----

const model_registry::held* model_registry::find(const std::string& name) const {
  const auto found =
      std::find_if(held_.begin(), held_.end(), [&](const held& one) { return one.name == name; });
  return found == held_.end() ? nullptr : &*found;
}

/// Whether the version has other files on disk now than in memory. Reads a small file. Nothing tells that of
/// a directory without a manifest.
bool model_registry::is_replaced(const held& version) const {
  std::error_code ignored;
  const auto& directory = version.models->directory;
  return std::filesystem::is_directory(directory, ignored) &&
         digest_of_manifest(directory) != version.models->manifest;
}

/// Whether users or the shadow get the version of this name.
bool model_registry::is_served(const std::string& name) const {
  return name == in_force_ || is_in_trial(name);
}

/// Whether these very files are in force, under this name.
bool model_registry::is_in_force(const held& version) const {
  return version.name == in_force_ && version.models->version == find(in_force_)->models->version;
}

void model_registry::hold(const std::string& name, const model_set_ptr& models) {
  held_.erase(std::remove_if(held_.begin(), held_.end(), [&](const held& one) { return one.name == name; }),
              held_.end());
  held_.push_back({name, models, is_published(models->home, models->directory)});
  if (is_pinned(models->directory) && !contains(pinned_, name))
    pinned_.push_back(name);
}

/// Lets go of the models that are neither in force, nor in a trial, nor loaded aside, nor pinned, nor among
/// the last in force.
void model_registry::forget_old() {
  std::vector<std::string> kept{in_force_, aside_};
  kept.insert(kept.end(), wanted_.begin(), wanted_.end());
  for (const auto& one : held_)
    if (is_in_trial(one.name))
      kept.push_back(one.name);
  const auto most = parts_.settings.in_memory - 1;
  const auto recent =
      earlier_.size() > most ? earlier_.end() - static_cast<std::ptrdiff_t>(most) : earlier_.begin();
  for (auto one = recent; one != earlier_.end(); ++one)
    kept.push_back(one->name);
  held_.erase(std::remove_if(
                  held_.begin(), held_.end(),
                  [&](const held& one) { return !contains(kept, one.name) && !contains(pinned_, one.name); }),
              held_.end());
}

/// Whether the shop's rules fit models that are to come into force.
result<void> model_registry::check_rules(const model_set_ptr& models) const {
  if (!parts_.fit_rules)
    return {};
  if (const auto fit = parts_.fit_rules(models); !fit)
    return fail(fault::conflict, fit.error().message);
  return {};
}

/// Makes `current` name the version, so that the next start finds it.
result<void> model_registry::name_in_force(const held& version) const {
  const auto& models = *version.models;
  std::error_code ignored;
  if (!std::filesystem::is_directory(models.directory, ignored))
    return fail(fault::not_found, models.directory.string() + ": it was deleted");
  if (version.is_published && is_replaced(version)) // the next start would serve what nobody has judged
    return fail(fault::conflict,
                models.directory.string() + ": its files were replaced after they were loaded");
  return name_current(models.home, models.directory);
}

/// Brings a version into force, and holds it. @param goes_back To the latest of `earlier_`.
result<std::string> model_registry::take(held chosen, bool goes_back) {
  if (!user_.serve)
    return stopping();
  const auto& name = chosen.name;
  const auto& models = chosen.models;
  auto answer = ordered_json{{"status", "success"}, {"in_force", name}, {"was", in_force_}};
  if (const auto fit = check_rules(models); !fit) {
    if (!goes_back)
      return tl::unexpected(fit.error());
    add_warning(answer, "rules of the shop that do not fit are left out, and the next start refuses them: " +
                            fit.error().message);
    log_event(log_level::error, component, "rules that do not fit the version are left out",
              {{"version", name}, {"reason", fit.error().message}});
  }
  if (const auto written = name_in_force(chosen); !written) {
    if (!goes_back) // after a restart, another one would be in force
      return tl::unexpected(written.error());
    add_warning(answer, "until the next start only: " + written.error().message);
    log_event(log_level::warning, component, "version is in force until the next start only",
              {{"version", name}, {"reason", written.error().message}});
  }
  if (goes_back) {
    earlier_.pop_back();
    aside_ = in_force_; // it may be wanted again
  } else if (name != in_force_) {
    note_earlier();
  }
  answer["rolls_back_to"] = earlier_.empty() ? ordered_json() : ordered_json(earlier_.back().name);
  log_event(log_level::info, component, goes_back ? "rolled back" : "promoted",
            {{"version", name}, {"digest", models->version}, {"was", in_force_}});
  hold(name, models);
  in_force_ = name;
  if (aside_ == name)
    aside_.clear();
  ++changes_;
  ++choices_;
  if (const auto ended = end_trials(name, false); !ended.empty())
    answer["experiment_ended"] = ended;
  serve(models);
  forget_old();
  return json_text(answer);
}

/// Notes what is in force as what one goes back to. With the lock.
void model_registry::note_earlier() {
  earlier_.push_back({in_force_, find(in_force_)->models->version});
  if (earlier_.size() > most_earlier)
    earlier_.erase(earlier_.begin());
}

/// Has `current` name the version in force again. With the lock.
void model_registry::name_again_locked(const std::string& refused) {
  if (const auto named = name_in_force(*find(in_force_)); !named)
    log_event(log_level::warning, component, "the next start will serve the refused version",
              {{"version", refused}, {"reason", named.error().message}});
}

} // namespace winnow
