#pragma once

#include "actors/pipeline/profile_directory.hpp"
#include "actors/rest/http_front.hpp"
#include "actors/stages/stage_crew.hpp"
#include "actors/supervision/supervisor_parts.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace winnow {

/// How a child of the supervision tree is started.
struct child_declaration {
  bool wants_neighbours = false; ///< Whether it handles `wire_atom`.
  /// Empty if the settings switch this child off.
  std::function<caf::actor(const actor_record_ptr& record)> start;
};

/// The actors of the daemon: starts each of them, on the right kind of thread, and owns what outlives a
/// single one: the handles by which they know each other, the models in force, the public HTTP server's
/// sockets, the number of each stage's workers. The supervisor says when to start what. Lives and runs in the
/// supervisor.
class daemon_children {
public:
  daemon_children(supervisor_self::pointer self, std::shared_ptr<const supervisor_parts> parts);

  /// The declarations of all children by name. They refer to this object.
  std::map<std::string, child_declaration> declare();

  /// The actors as of now, and the models in force.
  neighbours_ptr snapshot() const { return std::make_shared<const neighbours>(current_); }

  /// New requests use these models once the neighbours are sent again.
  void use(const model_set_ptr& models) { current_.models = models; }

  /// Called after a child was restarted: makes a new admin server listen if the old one did.
  void restarted(const std::string& name);

  /// Binds the public port. @return The port, or an error that names the address.
  listen_reply listen() { return std::make_shared<const result<std::uint16_t>>(front_->listen()); }

  /// Binds the admin endpoint.
  caf::result<listen_reply> listen_for_operators();

  /// No new connections, no new background work. @return How many requests are in flight.
  caf::result<std::uint64_t> drain();

  /// Sets the number of a stage's workers, also for its restarts.
  caf::result<count_reply> scale(const std::string& stage, std::uint64_t workers);

  void stop_accepting() { front_->stop_accepting(); }
  void close_sockets() { front_->stop(); }

private:
  /// A stage's handle among the neighbours, and how many workers it has, as set at start or since.
  struct stage_place {
    stage_actor neighbours::*handle;
    std::size_t workers = 1;
  };

  child_declaration declare_gateway();
  child_declaration declare_listener();
  child_declaration declare_stage(const std::string& stage, stage_actor neighbours::*handle,
                                  const worker_factory& worker);
  child_declaration declare_recommender();
  child_declaration declare_poller();
  child_declaration declare_metrics();
  child_declaration declare_introspector();
  child_declaration declare_http();
  child_declaration declare_admin();

  supervisor_self::pointer self_;
  const std::shared_ptr<const supervisor_parts> parts_;
  const std::shared_ptr<profile_directory> directory_ = std::make_shared<profile_directory>();
  const std::shared_ptr<http_front> front_;
  const std::chrono::system_clock::time_point up_since_ = std::chrono::system_clock::now();
  neighbours current_;
  http_server_actor http_;
  admin_server_actor admin_;
  std::map<std::string, stage_place> stages_;
  admin_settings admin_settings_; ///< With the port that was bound, which a restarted server binds again.
  bool admin_listening_ = false;  ///< A restarted admin server has to listen again.
};

} // namespace winnow
