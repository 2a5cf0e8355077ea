#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/pipeline/reading_lanes.hpp"
#include "actors/pipeline/store_burst.hpp"
#include "actors/pipeline/stored_list_burst.hpp"
#include "actors/runtime/cost_turns.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "actors/status/fleet_board.hpp"
#include "actors/status/health_board.hpp"
#include "actors/status/rules_board.hpp"
#include "actors/tracing/tracer.hpp"
#include "config/log/flood_limit.hpp"
#include "config/settings/settings.hpp"
#include "models/list_wishes.hpp"
#include "models/online/taken_watch.hpp"
#include "models/ruled_lists.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <functional>
#include <string_view>

namespace winnow {

/// Logs that a stage was left out of lists, which may concern every request.
std::shared_ptr<flood_limit> omission_log();

/// Called with each list that was stored: the user, the profile's timestamp (empty: none), and the list as
/// JSON. Must not wait.
using list_listener =
    std::function<void(std::string_view user_id, std::string_view timestamp, std::string_view list)>;

/// Spawns a reader of long profiles as a child of the recommender, which links it.
using reader_factory = std::function<profile_reader_actor(caf::scheduled_actor* parent)>;

/// A reader without a thread of its own.
profile_reader_actor scheduled_reader(caf::scheduled_actor* parent);

/// The recommender's settings and shared objects.
struct recommender_parts {
  cascade_settings cascade;
  pipeline_settings pipeline;
  std::shared_ptr<const profile_directory> directory;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<flood_limit> omissions = omission_log();
  tracer_ptr traces = nullptr;                  ///< Null: nothing is traced.
  list_listener on_stored = {};                 ///< May be empty.
  fleet_board_ptr fleet = nullptr;              ///< Null without a fleet.
  std::shared_ptr<taken_watch> taken = nullptr; ///< Null: what users take is not watched.
  reader_factory new_reader = scheduled_reader;
  rules_board_ptr rules = nullptr; ///< Shows the rules that do not fit the items; may be null.
};

struct job_environment;
class shadow_gate;

/// The pipeline: profile → candidates → DIN → RankNet → store → answer. If DIN or RankNet fails or is late,
/// it is left out: the list keeps the order of the previous stage, and `degraded` names the missing one.
/// Without candidates there is no list.
struct recommender_state {
  static inline const char* name = "recommender";

  explicit recommender_state(recommender_self::pointer owner);
  ~recommender_state();

  caf::result<recommendation_reply> recommend(const recommendation_request_ptr& request);

  /// Returns why one more request cannot be accepted; nullopt if it can. Requests over HTTP were checked at
  /// admission, but may have been queued for a while since.
  std::optional<error> overload(const recommendation_request& request) const;
  actor_status_ptr status() const;
  void wire(const neighbours_ptr& neighbours);
  void start(recommender_parts parts);
  void rested();
  job_environment environment_for(const recommendation_request& request);
  bool takes_part(const recommendation_request& request) const;
  const std::shared_ptr<ruled_lists>& asked_of(std::size_t place);
  void fit_rules();

  recommender_self::pointer self_;
  std::shared_ptr<const recommender_parts> parts_;
  neighbours_ptr neighbours_;
  std::shared_ptr<deadline_watch<recommender_self>> watch_;
  std::shared_ptr<store_burst> burst_;
  std::shared_ptr<stored_list_burst> stored_;
  std::shared_ptr<cost_turns> costly_; ///< Filters.
  std::function<void()> rested_;       ///< Goes on with them.
  std::shared_ptr<cost_turns> large_;  ///< Profiles, which are read one after the other.
  std::shared_ptr<reading_lanes> lanes_;
  std::shared_ptr<shadow_gate> shadows_;
  std::vector<std::shared_ptr<ruled_lists>> asked_; ///< Of the models in force, then by arm.
};

recommender_self::behavior_type recommender(recommender_self::stateful_pointer<recommender_state> self,
                                            recommender_parts parts);

} // namespace winnow
