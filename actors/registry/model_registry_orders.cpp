#include "actors/registry/json_text.hpp"
#include "actors/registry/model_registry.hpp"
#include "models/registry/version_directory.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

// Orders to load a version, to bring one into force, and to go back.

namespace winnow {

namespace {

using nlohmann::ordered_json;

} // namespace

/// On the thread of `later`.
result<model_registry::held> model_registry::load_aside(const std::string& name) {
  auto models = parts_.load(name);
  if (!models)
    return tl::unexpected(models.error());
  held loaded{name, *models, is_published((*models)->home, (*models)->directory)};
  const std::lock_guard lock(mutex_);
  take_aside(loaded);
  return loaded;
}

/// On the thread of `later`. Returns a version as it is on disk now: from memory, or loaded aside.
result<model_registry::held> model_registry::as_on_disk(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto* const known = find(name); known != nullptr && !is_replaced(*known))
      return *known;
  }
  return load_aside(name);
}

/// With the lock. Whether one may go back to other files of that name, which are in memory.
bool model_registry::leads_back_elsewhere(const held& version) const {
  const auto* const known = find(version.name);
  return known != nullptr && known->models->version != version.models->version &&
         std::any_of(earlier_.begin(), earlier_.end(), [&](const earlier_version& one) {
           return one.name == version.name && one.digest == known->models->version;
         });
}

/// With the lock. Whether these very files were in force before, and not others of that name.
bool model_registry::was_in_force(const held& version) const {
  return !earlier_.empty() && earlier_.back().name == version.name &&
         earlier_.back().digest == version.models->version;
}

/// With the lock. Keeps a version in memory, unless its name has other files there that are served, or that
/// one may go back to.
void model_registry::take_aside(const held& version) {
  if (is_served(version.name) || leads_back_elsewhere(version))
    return;
  hold(version.name, version.models);
  aside_ = version.name;
  forget_old();
}

void model_registry::load(const std::string& asked, const reply& answer) {
  const auto name = version_behind(parts_.settings.dir, asked);
  if (const auto there = directory_of_version(parts_.settings.dir, name); !there)
    return answer(tl::unexpected(there.error()));
  {
    const std::lock_guard lock(mutex_);
    if (name == in_force_ && !is_replaced(*find(name)))
      return answer(fail(fault::conflict, "version " + name + " is in force"));
  }
  parts_.later([this, self = shared_from_this(), name, answer] {
    const auto loaded = load_aside(name);
    if (!loaded)
      return answer(tl::unexpected(loaded.error()));
    if (const auto judged = judge(*loaded); !judged)
      return answer(tl::unexpected(judged.error()));
    auto done = ordered_json{{"status", "success"}, {"loaded", name}};
    const std::lock_guard lock(mutex_);
    if (is_in_force(*loaded))
      return answer(fail(fault::conflict, "version " + name + " is in force"));
    if (const auto* const report = valid_report(*loaded))
      done["report"] = json_of(*report);
    answer(json_text(done));
  });
}

/// @param judged Whether the gate decides. It does not about files that one goes back to.
void model_registry::load_and_take(const std::string& name, bool goes_back, bool judged,
                                   const reply& answer) {
  std::uint64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    changes = changes_;
  }
  parts_.later([this, self = shared_from_this(), name, goes_back, judged, changes, answer] {
    const auto candidate = as_on_disk(name);
    if (!candidate)
      return answer(tl::unexpected(candidate.error()));
    bool asks_gate = judged;
    if (goes_back) {
      const std::lock_guard lock(mutex_);
      asks_gate = judged && !was_in_force(*candidate);
    }
    if (asks_gate)
      if (const auto done = judge(*candidate); !done)
        return answer(tl::unexpected(done.error()));
    const std::lock_guard lock(mutex_);
    if (changes != changes_)
      return answer(fail(fault::conflict, "another version came into force while " + name + " was loaded"));
    if (goes_back && (earlier_.empty() || earlier_.back().name != name))
      return answer(fail(fault::conflict, "version " + name + " was deleted while it was loaded"));
    if (const auto* const report = asks_gate ? valid_report(*candidate) : nullptr;
        report && !report->passed())
      return answer(fail(fault::conflict, refusal_text(*report)));
    answer_in_force(take(*candidate, goes_back), answer);
  });
}

void model_registry::promote(const std::string& asked, bool force, const reply& answer) {
  const auto name = version_behind(parts_.settings.dir, asked);
  {
    const std::lock_guard lock(mutex_);
    if (const auto* const candidate = find(name); candidate != nullptr && !is_replaced(*candidate)) {
      const auto* const report = valid_report(*candidate);
      if (force || !needs_judgement(*candidate) || (report != nullptr && report->passed()))
        return answer_in_force(take(*candidate, false), answer);
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
    name = earlier_.back().name;
    if (const auto* const before = find(name); before != nullptr && was_in_force(*before))
      return answer_in_force(take(*before, true), answer);
  }
  load_and_take(name, true, true, answer);
}

} // namespace winnow
