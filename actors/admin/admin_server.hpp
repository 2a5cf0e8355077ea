#pragma once

#include "actors/admin/cascade_trace.hpp"
#include "actors/admin/introspector.hpp"
#include "actors/admin/live_feed.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/registry/model_registry.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/status/fleet_board.hpp"
#include "actors/status/health_board.hpp"
#include "actors/status/rules_board.hpp"
#include "actors/tracing/tracer.hpp"
#include "http/server.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>

namespace winnow {

/// What the admin server needs.
struct admin_parts {
  admin_settings admin;
  trace_parts trace;
  supervisor_actor supervisor; ///< Changes the number of a stage's workers.
  std::shared_ptr<const health_board> health;
  std::shared_ptr<actor_tree> tree;
  std::shared_ptr<const activity_history> history;
  std::chrono::system_clock::time_point up_since; ///< When the daemon started.
  std::string steering_token;                     ///< See `admin_routes_parts`.
  std::function<void()> on_drain;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<fault_injection> faults = {};      ///< Null if fault injection is disabled.
  std::shared_ptr<http::tls_identity> identity = {}; ///< Null: plain HTTP.
  tracer_ptr traces = {};                            ///< Null: nothing is traced.
  std::shared_ptr<metrics> meters = {};              ///< Counts failed handshakes.
  fleet_board_ptr fleet = {};                        ///< Null without a fleet.
  std::shared_ptr<model_registry> registry = {};     ///< Null: there is none to steer.
  std::shared_ptr<const taken_watch> taken = {};     ///< Null: what users take is not watched.
  rules_board_ptr rules = {};                        ///< Null without a file of rules.
};

/// Owns the admin endpoint's HTTP server, which listens on its own address.
struct admin_server_state {
  static inline const char* name = "admin_server";

  explicit admin_server_state(admin_server_self::pointer owner) : self_(owner) {}

  listen_reply listen();
  void start(admin_parts parts);
  void serve(const admin_call_ptr& call);
  void tick();
  actor_status_ptr status() const;

  admin_parts parts_;
  neighbours_ptr neighbours_;

private:
  /// Asks the introspector for a report and passes the body of GET /status to `use`.
  void with_status(const std::function<void(const std::string&)>& use);
  void watch(const admin_call_ptr& call);
  void tick_later();
  void scale(const admin_call_ptr& call);

  admin_server_self::pointer self_;
  std::unique_ptr<http::server> server_;
  std::unique_ptr<live_feed> feed_;
  bool ticking_ = false;             ///< Whether a tick is pending.
  bool sampling_ = false;            ///< Whether the status for the next sample is being gathered.
  steady_clock::time_point sampled_; ///< When the last sample was started.
};

admin_server_self::behavior_type admin_server(admin_server_self::stateful_pointer<admin_server_state> self,
                                              admin_parts parts);

} // namespace winnow
