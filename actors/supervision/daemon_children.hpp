#pragma once

#include "actors/fleet/fleet_parts.hpp"
#include "actors/learning/learning_backlog.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/pipeline/recommender.hpp"
#include "actors/rest/http_front.hpp"
#include "actors/rest/http_server.hpp"
#include "actors/stages/stage_crew.hpp"
#include "actors/status/fleet_board.hpp"
#include "actors/supervision/supervisor_parts.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace winnow {

/// How to start a child of the supervision tree.
struct child_declaration {
  bool wants_neighbours = false; ///< Whether it handles `wire_atom`.
  /// Empty if the settings switch this child off.
  std::function<caf::actor(const actor_record_ptr& record)> start;
};

/// Starts the daemon's actors, each on the right kind of thread, when the supervisor asks for it. Owns what
/// outlives single actors: their handles, the current models, the public HTTP server's sockets and the number
/// of each stage's workers. Lives in the supervisor and runs on its thread.
class daemon_children {
public:
  daemon_children(supervisor_self::pointer self, std::shared_ptr<const supervisor_parts> parts);

  /// Returns the declarations of all children by name. They refer to this object.
  std::map<std::string, child_declaration> declare();

  /// Returns the current actors and models.
  neighbours_ptr snapshot() const { return std::make_shared<const neighbours>(current_); }

  /// Sets newly loaded models. New requests use them once the supervisor has sent the neighbours again.
  void use(const model_set_ptr& models);

  /// The same for models that know what was learned on top of those in use.
  void use_learned(const model_set_ptr& models) { current_.models = desk_->dress(models); }

  /// The same for the shop's rules.
  void use(const shop_rules_ptr& rules) { current_.rules = rules; }

  /// The same for the versions beside those in use.
  void use(model_trials_ptr trials);

  /// Uses the items' attributes and the withheld items as they are now.
  void dress();

  /// Called after a child was restarted. Makes a new admin server listen if the old one did.
  void restarted(const std::string& name);

  /// Binds the public port. @return The port, or an error that names the address.
  listen_reply listen();

  /// Binds the admin endpoint.
  caf::result<listen_reply> listen_for_operators();

  /// Stops accepting connections and starting background work.
  /// @return The number of requests in flight.
  caf::result<std::uint64_t> drain();

  /// Sets the number of a stage's workers. The number also applies after the stage restarts.
  caf::result<count_reply> scale(const std::string& stage, std::uint64_t workers);

  void stop_accepting() { front_->stop_accepting(); }
  void close_sockets() { front_->stop(); }

private:
  /// A stage's handle among the neighbours, and its current number of workers.
  struct stage_place {
    stage_actor neighbours::*handle;
    std::size_t workers = 1;
  };

  child_declaration declare_gateway(redis_gateway_actor neighbours::*handle,
                                    const std::shared_ptr<profile_store>& store,
                                    const std::shared_ptr<health_board>& health);
  child_declaration declare_listener();
  child_declaration declare_stage(const std::string& stage, stage_actor neighbours::*handle,
                                  const worker_factory& worker);
  child_declaration declare_recommender();
  child_declaration declare_learner();
  child_declaration declare_items();
  child_declaration declare_poller();
  child_declaration declare_kafka();
  child_declaration declare_fleet();
  fleet_shares shares() const;
  user_forgetter forgetter() const;
  child_declaration declare_metrics();
  child_declaration declare_introspector();
  child_declaration declare_http();
  child_declaration declare_admin();

  supervisor_self::pointer self_;
  const std::shared_ptr<const supervisor_parts> parts_;
  const std::shared_ptr<profile_directory> directory_ = std::make_shared<profile_directory>();
  const std::shared_ptr<http_front> front_;
  const std::chrono::system_clock::time_point up_since_ = std::chrono::system_clock::now();
  const list_listener on_stored_;
  const std::shared_ptr<learning_backlog> backlog_ = std::make_shared<learning_backlog>();
  const fleet_board_ptr fleet_;              ///< Null without a fleet.
  const std::shared_ptr<taken_watch> taken_; ///< Null if nothing is watched.
  const std::shared_ptr<item_desk> desk_;
  neighbours current_;
  http_server_actor http_;
  admin_server_actor admin_;
  std::map<std::string, stage_place> stages_;
  admin_settings admin_settings_; ///< Contains the bound port, which a restarted server re-binds.
  bool admin_listening_ = false;  ///< Whether a restarted admin server must listen.
};

} // namespace winnow
