#include "tools/winnowd/make_registry.hpp"

#include "config/system/thread_priority.hpp"
#include "tools/winnowd/rules_keeper.hpp"

#include <exception>
#include <thread>
#include <utility>

namespace winnow {

namespace {

/// Compares on a thread of the lowest priority, so that requests go first.
result<version_comparison> compare_aside(const model_set& in_force, const model_set& candidate,
                                         const recent_profiles& recent, const comparison_limits& limits) {
  result<version_comparison> compared = fail(fault::internal, "the comparison did not end");
  std::thread([&] {
    constexpr int nicest = 19;
    lower_thread_priority(nicest, "comparing versions of the models");
    try {
      compared = compare_versions(in_force, candidate, recent.all(), limits);
    } catch (const std::exception& failure) { // most likely out of memory
      compared = fail(fault::internal, std::string("comparing versions: ") + failure.what());
    }
  }).join();
  return compared;
}

} // namespace

std::shared_ptr<model_registry> make_registry(const settings& options, model_set_ptr first,
                                              model_loader& loader,
                                              const std::shared_ptr<const recent_profiles>& recent,
                                              const rules_board_ptr& rules,
                                              const std::shared_ptr<const item_desk>& desk) {
  registry_parts parts;
  parts.settings = options.models;
  parts.gate = options.gate;
  parts.load = [&loader](const std::string& version) { return loader.load_version(version); };
  parts.later = [&loader](std::function<void()> work) { loader.later(std::move(work)); };
  if (rules)
    parts.fit_rules = [rules, desk](const model_set_ptr& models) {
      return some_rules_fit(*rules, *desk->as_adopted(models));
    };
  if (options.gate.profiles > 0)
    parts.compare = [recent, limits = comparison_limits{options.cascade}](const model_set& in_force,
                                                                          const model_set& candidate) {
      return compare_aside(in_force, candidate, *recent, limits);
    };
  return std::make_shared<model_registry>(std::move(parts), std::move(first));
}

} // namespace winnow
