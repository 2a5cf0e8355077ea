#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/fleet_board.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"
#include "redis/fleet/fleet_channel.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace winnow {

/// The times of a fleet. They differ only in tests.
struct fleet_times {
  std::chrono::milliseconds lease{2000};  ///< A leader that is silent for longer has lost it.
  std::chrono::milliseconds beat{400};    ///< Between two looks at the fleet.
  std::chrono::milliseconds keep{15'000}; ///< How long finished entries stay, for those who only watch.
};

/// An experiment, as the replicas tell each other.
struct told_experiment {
  std::int64_t time = 0; ///< Of the order, in milliseconds since 1970: the latest one holds.
  std::string text;      ///< As JSON.
};

/// What the member shares besides changes and items. Called on its thread; must not wait.
struct fleet_shares {
  /// The latest experiment that this replica knows; nullopt: none. May be empty.
  std::function<std::optional<told_experiment>()> experiment = {};
  /// Takes the experiment of the fleet, again and again while it holds. May be empty.
  std::function<void(const told_experiment&)> take_experiment = {};
  /// Forgets a user whom another replica was told to erase. May be empty.
  /// @param before_start Whether that may have been before this process began, so that only what it keeps in
  ///   files can know the user of that time: the store may have the user again.
  std::function<void(const std::string& user_id, bool before_start)> forget = {};
};

/// The member's settings and shared objects.
struct fleet_parts {
  settings options;
  fleet_board_ptr board;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  fleet_shares shares = {};
  fleet_times times = {};
  /// Gives access to the fleet. Empty: that of the settings' store. Others are for tests.
  std::function<std::unique_ptr<fleet_access>()> access = {};
  std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
};

} // namespace winnow
