#pragma once

#include "config/settings/settings.hpp"
#include "redis/connection/failover_record.hpp"
#include "redis/sentinel/sentinel_subscriptions.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace winnow {

/// Private to this folder and its parent: follows the failovers that sentinels announce. One for all
/// connections of this process behind the same sentinels, with a thread of its own. Thread-safe.
class failover_watch {
public:
  /// The watch for an address with sentinels, which starts with its first user and ends with the last; null
  /// for other addresses.
  static std::shared_ptr<failover_watch> of(const store_settings& settings);

  std::shared_ptr<failover_record> record() const noexcept { return record_; }

  /// The sentinels, the one that answered last first.
  std::vector<store_place> sentinels() const;
  void has_answered(const store_place& sentinel);

private:
  explicit failover_watch(const store_settings& settings);

  mutable std::mutex mutex_;
  std::vector<store_place> sentinels_;
  std::shared_ptr<failover_record> record_ = std::make_shared<failover_record>();
  sentinel_subscriptions subscriptions_;
};

} // namespace winnow
