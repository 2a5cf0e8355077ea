#pragma once

#include "actors/admin/introspector.hpp"
#include "actors/status/fleet_board.hpp"
#include "actors/status/health_board.hpp"
#include "models/online/drift_watch.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// The bodies of the admin endpoint's answers about the daemon's state.
namespace winnow {

/// The part of a status report about the daemon as a whole.
struct daemon_facts {
  std::chrono::system_clock::time_point up_since;
  std::string_view model_version;
  std::string retrieval; ///< How candidates are found, see `describe_retrieval`.
  const health_board& health;
  const fleet_board* fleet = nullptr; ///< Null without a fleet.
  drift_report drift = {};
  std::int64_t trained_at = 0; ///< The models, in seconds since 1970; 0: unknown.
};

/// The answer to GET /status.
std::string status_json(const daemon_facts& facts, const status_report& report);

/// The answer to GET /history: a column of values per actor and quantity; null while the actor did not exist.
std::string history_json(const activity_history::samples& history);

} // namespace winnow
