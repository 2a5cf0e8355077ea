#include "models/trials/experiment.hpp"

#include "models/registry/version_name.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

tl::unexpected<error> wrong(const std::string& what) {
  return fail(fault::invalid_argument, what);
}

std::vector<double> weights_of(const std::vector<experiment_arm>& arms) {
  std::vector<double> weights;
  for (const auto& arm : arms)
    weights.push_back(arm.weight);
  return weights;
}

/// The earlier division in terms of the new arms.
std::vector<std::uint8_t> carried_over(const experiment& before, const std::vector<experiment_arm>& arms) {
  std::vector<std::uint8_t> place_of;
  for (const auto& old : before.arms) {
    const auto now = std::find_if(arms.begin(), arms.end(),
                                  [&](const experiment_arm& arm) { return arm.version == old.version; });
    place_of.push_back(now == arms.end() ? no_arm : static_cast<std::uint8_t>(now - arms.begin()));
  }
  std::vector<std::uint8_t> carried;
  for (const auto arm : before.buckets)
    carried.push_back(place_of[arm]);
  return carried;
}

} // namespace

result<void> check_order(const experiment_order& order) {
  if (!is_version_name(order.name))
    return wrong("\"" + order.name +
                 "\": expected the name of an experiment: letters, digits, dots, hyphens and underscores");
  if (!order.salt.empty() && !is_version_name(order.salt))
    return wrong("salt: expected letters, digits, dots, hyphens and underscores");
  if (order.arms.size() < 2 || order.arms.size() > most_arms)
    return wrong("versions: expected 2 to " + std::to_string(most_arms) + ", got " +
                 std::to_string(order.arms.size()));
  for (auto arm = order.arms.begin(); arm != order.arms.end(); ++arm) {
    if (!std::isfinite(arm->weight) || arm->weight <= 0)
      return wrong("versions: expected a positive weight of " + arm->version);
    if (std::any_of(order.arms.begin(), arm,
                    [&](const experiment_arm& other) { return other.version == arm->version; }))
      return wrong("versions: " + arm->version + " is there twice");
  }
  return {};
}

experiment begin_experiment(const experiment_order& order, const experiment* before, std::int64_t now) {
  experiment made;
  made.name = order.name;
  made.salt = order.salt.empty() ? order.name : order.salt;
  made.arms = order.arms;
  made.started = made.changed = now;
  const bool goes_on = before != nullptr && before->name == made.name && before->salt == made.salt;
  if (goes_on && !before->stopped)
    made.started = before->started;
  made.buckets = split_buckets(weights_of(made.arms),
                               goes_on ? carried_over(*before, made.arms) : std::vector<std::uint8_t>());
  return made;
}

} // namespace winnow
