#include "actors/registry/model_registry.hpp"

#include "actors/registry/json_text.hpp"
#include "config/log/log.hpp"
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

/// So that the next start finds them.
result<void> name_in_force(const model_set& models) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(models.directory, ignored))
    return fail(fault::not_found, models.directory.string() + ": it was deleted");
  return name_current(models.home, models.directory);
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
  kept.insert(kept.end(), recent, earlier_.end());
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

/// Brings models that are held into force. @param goes_back To the latest of `earlier_`.
result<std::string> model_registry::take(const std::string& name, bool goes_back) {
  if (!user_.serve)
    return stopping();
  const auto models = find(name)->models;
  auto answer = ordered_json{{"status", "success"}, {"in_force", name}, {"was", in_force_}};
  if (const auto fit = check_rules(models); !fit) {
    if (!goes_back)
      return tl::unexpected(fit.error());
    add_warning(answer, "rules of the shop that do not fit are left out, and the next start refuses them: " +
                            fit.error().message);
    log_event(log_level::error, component, "rules that do not fit the version are left out",
              {{"version", name}, {"reason", fit.error().message}});
  }
  if (const auto written = name_in_force(*models); !written) {
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
    earlier_.push_back(in_force_);
  }
  if (earlier_.size() > most_earlier)
    earlier_.erase(earlier_.begin());
  answer["rolls_back_to"] = earlier_.empty() ? ordered_json() : ordered_json(earlier_.back());
  log_event(log_level::info, component, goes_back ? "rolled back" : "promoted",
            {{"version", name}, {"digest", models->version}, {"was", in_force_}});
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

/// Has `current` name the version in force again. With the lock.
void model_registry::name_again_locked(const std::string& refused) {
  if (const auto named = name_in_force(*find(in_force_)->models); !named)
    log_event(log_level::warning, component, "the next start will serve the refused version",
              {{"version", refused}, {"reason", named.error().message}});
}

// ---- orders ----

/// On the thread of `later`.
result<void> model_registry::load_aside(const std::string& name) {
  auto models = parts_.load(name);
  if (!models)
    return tl::unexpected(models.error());
  const std::lock_guard lock(mutex_);
  if (name == in_force_) // what is served stays what it is until it is promoted
    return fail(fault::conflict, "version " + name + " came into force meanwhile");
  take_aside(name, *models);
  return {};
}

/// With the lock.
void model_registry::take_aside(const std::string& name, const model_set_ptr& models) {
  hold(name, models);
  aside_ = name;
  forget_old();
}

void model_registry::load(const std::string& name, const reply& answer) {
  if (const auto there = directory_of_version(parts_.settings.dir, name); !there)
    return answer(tl::unexpected(there.error()));
  {
    const std::lock_guard lock(mutex_);
    if (name == in_force_)
      return answer(fail(fault::conflict, "version " + name + " is in force"));
  }
  parts_.later([this, self = shared_from_this(), name, answer] {
    if (const auto loaded = load_aside(name); !loaded)
      return answer(tl::unexpected(loaded.error()));
    if (const auto judged = judge(name); !judged)
      return answer(tl::unexpected(judged.error()));
    auto done = ordered_json{{"status", "success"}, {"loaded", name}};
    const std::lock_guard lock(mutex_);
    if (const auto* const loaded = find(name))
      if (const auto* const report = valid_report(*loaded))
        done["report"] = json_of(*report);
    answer(json_text(done));
  });
}

/// @param judged Whether the gate decides.
void model_registry::load_and_take(const std::string& name, bool goes_back, bool judged,
                                   const reply& answer) {
  std::uint64_t changes = 0;
  bool is_held = false;
  {
    const std::lock_guard lock(mutex_);
    changes = changes_;
    is_held = find(name) != nullptr;
  }
  parts_.later([this, self = shared_from_this(), name, goes_back, judged, is_held, changes, answer] {
    if (!is_held)
      if (const auto loaded = load_aside(name); !loaded)
        return answer(tl::unexpected(loaded.error()));
    if (judged)
      if (const auto done = judge(name); !done)
        return answer(tl::unexpected(done.error()));
    const std::lock_guard lock(mutex_);
    const auto* const candidate = find(name);
    if (changes != changes_ || candidate == nullptr)
      return answer(fail(fault::conflict, "another version came into force while " + name + " was loaded"));
    if (const auto* const report = judged ? valid_report(*candidate) : nullptr; report && !report->passed())
      return answer(fail(fault::conflict, refusal_text(*report)));
    answer_in_force(take(name, goes_back), answer);
  });
}

void model_registry::promote(const std::string& name, bool force, const reply& answer) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto* const candidate = find(name)) {
      const auto* const report = valid_report(*candidate);
      if (force || !needs_judgement(*candidate) || (report != nullptr && report->passed()))
        return answer_in_force(take(name, false), answer);
      if (report != nullptr)
        return answer(fail(fault::conflict, refusal_text(*report)));
    }
  }
  if (const auto there = directory_of_version(parts_.settings.dir, name); !there)
    return answer(tl::unexpected(there.error()));
  load_and_take(name, false, !force, answer);
}

void model_registry::roll_back(const reply& answer) {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    if (earlier_.empty())
      return answer(fail(fault::conflict, "no other version was in force before " + in_force_));
    name = earlier_.back();
    if (find(name))
      return answer_in_force(take(name, true), answer);
  }
  load_and_take(name, true, false, answer);
}

} // namespace winnow
