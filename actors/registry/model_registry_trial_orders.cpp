#include "actors/registry/json_text.hpp"
#include "actors/registry/model_registry.hpp"
#include "actors/registry/trial_text.hpp"
#include "config/log/log.hpp"
#include "models/registry/version_directory.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

// Orders to begin, change and end experiments and the shadow.

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr const char* component = "models";

ordered_json answer_of(const experiment& what) {
  return {{"status", "success"}, {"experiment", ordered_json::parse(to_json(what))}};
}

} // namespace

/// On the thread of `later`. Loads those versions that are not in memory, or have other files there than on
/// disk, and keeps them as long as they are wanted. Those that a trial serves stay as they are. @param force
/// Does not ask the gate.
result<void> model_registry::hold_for_trial(const std::vector<std::string>& names, bool force) {
  for (const auto& name : names) {
    std::optional<held> version;
    {
      const std::lock_guard lock(mutex_);
      if (name == in_force_)
        continue;
      wanted_.push_back(name);
      if (is_in_trial(name))
        version = *find(name);
    }
    if (!version) {
      auto loaded = as_on_disk(name);
      if (!loaded)
        return tl::unexpected(loaded.error());
      version = std::move(*loaded);
    }
    if (!force)
      if (auto passed = pass_gate(*version); !passed)
        return passed;
    const std::lock_guard lock(mutex_);
    if (is_served(name))
      continue;
    if (leads_back_elsewhere(*version))
      return fail(fault::conflict, "version " + name +
                                       " was replaced on disk, and its earlier files are one to go back to: "
                                       "publish the new ones under another name");
    hold(name, version->models);
  }
  return {};
}

void model_registry::start_experiment(const experiment_order& order, bool force, const reply& answer) {
  if (const auto fine = check_order(order); !fine)
    return answer(tl::unexpected(fine.error()));
  std::vector<std::string> names;
  for (const auto& arm : order.arms)
    names.push_back(arm.version);
  std::uint64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    changes = changes_;
    if (experiment_runs_ && trials_.latest->name != order.name)
      return answer(fail(fault::conflict, "experiment " + trials_.latest->name + " runs: stop it first"));
    if (std::find(names.begin(), names.end(), in_force_) == names.end())
      return answer(fail(fault::conflict, "versions: expected " + in_force_ +
                                              " among them, because it is in force: promote one of the "
                                              "others first, or add it"));
  }
  for (const auto& name : names)
    if (const auto there = directory_of_version(parts_.settings.dir, name); !there) {
      const std::lock_guard lock(mutex_);
      if (find(name) == nullptr)
        return answer(tl::unexpected(there.error()));
    }
  parts_.later([this, self = shared_from_this(), names, order, force, changes, answer] {
    const auto ready = hold_for_trial(names, force);
    const std::lock_guard lock(mutex_);
    auto begun = ready ? begin(order, changes) : result<std::string>(tl::unexpected(ready.error()));
    wanted_.clear();
    forget_old();
    answer_in_force(std::move(begun), answer);
  });
}

/// With the lock. The versions are in memory.
result<std::string> model_registry::begin(const experiment_order& order, std::uint64_t changes) {
  if (!user_.serve)
    return fail(fault::unavailable, "the daemon is starting or stopping");
  if (changes != changes_)
    return fail(fault::conflict, "another version came into force meanwhile");
  auto next = trials_;
  next.latest = begin_experiment(order, trials_.latest ? &*trials_.latest : nullptr, seconds_now());
  for (auto& arm : next.latest->arms) {
    const auto* const version = find(arm.version);
    if (version == nullptr)
      return fail(fault::conflict, "version " + arm.version + " left the memory meanwhile");
    arm.digest = version->models->version;
  }
  next.ordered = order_time(next.ordered);
  if (const auto kept = keep(next); !kept)
    return tl::unexpected(kept.error());
  experiment_runs_ = true;
  trial_problem_.clear();
  log_event(log_level::info, component, "experiment runs",
            {{"experiment", order.name}, {"versions", shares_text(*trials_.latest)}});
  serve(nullptr);
  return json_text(answer_of(*trials_.latest));
}

result<std::string> model_registry::stop_experiment() {
  const std::lock_guard lock(mutex_);
  if (!trials_.latest || trials_.latest->stopped)
    return fail(fault::conflict, "no experiment runs");
  auto next = trials_;
  next.latest->stopped = seconds_now();
  next.ordered = order_time(next.ordered);
  auto answer = answer_of(*next.latest);
  if (const auto kept = keep(next); !kept) {
    answer["warning"] = "until the next start only: " + kept.error().message;
    trials_ = std::move(next);
  }
  trial_problem_.clear();
  log_event(log_level::info, component, "experiment stopped", {{"experiment", trials_.latest->name}});
  if (std::exchange(experiment_runs_, false) && user_.serve)
    serve(nullptr);
  forget_old();
  return json_text(answer);
}

void model_registry::start_shadow(const shadow_order& order, const reply& answer) {
  if (!(order.share > 0 && order.share <= 1))
    return answer(fail(fault::invalid_argument, "share: expected more than 0 and at most 1"));
  {
    const std::lock_guard lock(mutex_);
    if (order.version == in_force_)
      return answer(fail(fault::conflict, "version " + order.version + " is in force"));
  }
  if (const auto there = directory_of_version(parts_.settings.dir, order.version); !there)
    return answer(tl::unexpected(there.error()));
  parts_.later([this, self = shared_from_this(), order, answer] {
    const auto ready = hold_for_trial({order.version}, true);
    const std::lock_guard lock(mutex_);
    auto begun = ready ? begin(order) : result<std::string>(tl::unexpected(ready.error()));
    wanted_.clear();
    forget_old();
    answer_in_force(std::move(begun), answer);
  });
}

/// With the lock. The version is in memory.
result<std::string> model_registry::begin(const shadow_order& order) {
  if (!user_.serve)
    return fail(fault::unavailable, "the daemon is starting or stopping");
  if (order.version == in_force_)
    return fail(fault::conflict, "version " + order.version + " came into force meanwhile");
  if (find(order.version) == nullptr)
    return fail(fault::conflict, "version " + order.version + " left the memory meanwhile");
  auto next = trials_;
  next.shadow = order;
  if (const auto kept = keep(next); !kept)
    return tl::unexpected(kept.error());
  shadow_runs_ = true;
  shadow_did_ = std::make_shared<shadow_record>();
  log_event(log_level::info, component, "shadow runs", {{"version", order.version}, {"share", order.share}});
  serve(nullptr);
  return json_text({{"status", "success"}, {"shadow", order.version}, {"share", order.share}});
}

result<std::string> model_registry::stop_shadow() {
  const std::lock_guard lock(mutex_);
  if (!trials_.shadow)
    return fail(fault::conflict, "no version is the shadow");
  auto next = trials_;
  next.shadow.reset();
  ordered_json answer{{"status", "success"}, {"shadow", nullptr}, {"was", trials_.shadow->version}};
  if (const auto kept = keep(next); !kept) {
    answer["warning"] = "until the next start only: " + kept.error().message;
    trials_ = std::move(next);
  }
  log_event(log_level::info, component, "shadow stopped");
  if (std::exchange(shadow_runs_, false) && user_.serve)
    serve(nullptr);
  forget_old();
  return json_text(answer);
}

} // namespace winnow
