#pragma once

#include "config/settings/settings.hpp"
#include "redis/changes/redis_change_tracker.hpp"
#include "redis/cluster/slot_table.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Private to this folder and its parent: announces changed profiles of a cluster, where each master
/// announces its own: one `redis_change_tracker` a master. Asks every second which masters there are; a
/// master that is new or gone costs a sweep, as changes may have been missed.
class cluster_change_tracker final : public change_tracker {
public:
  explicit cluster_change_tracker(const store_settings& settings);

  /// While some masters cannot be followed, returns their error, unless others announce changes.
  result<change_batch> wait(std::chrono::milliseconds timeout) override;
  void rest() override;

private:
  using clock = redis_connection::clock;

  result<void> find_masters(change_batch& batch);
  std::optional<error> read_all(change_batch& batch);
  void await(clock::time_point until) const;

  store_settings settings_;
  std::vector<store_place> places_;
  std::map<std::string, std::unique_ptr<redis_change_tracker>> masters_; ///< By place.
  clock::time_point next_look_{};
};

} // namespace winnow
