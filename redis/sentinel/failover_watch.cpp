#include "redis/sentinel/failover_watch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace winnow {

std::shared_ptr<failover_watch> failover_watch::of(const store_settings& settings) {
  if (settings.address.transport != store_address::kind::sentinel)
    return nullptr;
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<failover_watch>> all;
  auto shared = settings.address;
  shared.read_replicas = false;
  const auto key = to_string(shared) + "\n" + shared.sentinel_password; // which the text masks
  const std::lock_guard lock(mutex);
  auto& entry = all[key];
  auto watch = entry.lock();
  if (!watch) {
    watch.reset(new failover_watch(settings));
    entry = watch;
  }
  return watch;
}

failover_watch::failover_watch(const store_settings& settings)
    : sentinels_(settings.address.sentinels),
      subscriptions_(settings, [record = record_](const store_place& master) { record->announce(master); }) {}

std::vector<store_place> failover_watch::sentinels() const {
  const std::lock_guard lock(mutex_);
  return sentinels_;
}

void failover_watch::has_answered(const store_place& sentinel) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find(sentinels_.begin(), sentinels_.end(), sentinel);
  if (found != sentinels_.end())
    std::rotate(sentinels_.begin(), found, found + 1);
}

} // namespace winnow
