#pragma once

#include "actors/admin/cascade_trace.hpp"
#include "actors/admin/introspector.hpp"
#include "actors/admin/live_feed.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/status/health_board.hpp"
#include "http/server.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>

namespace winnow {

/// What the admin server works with.
struct admin_parts {
  admin_settings admin;
  trace_parts trace;
  supervisor_actor supervisor; ///< Who changes the number of a stage's workers.
  std::shared_ptr<const health_board> health;
  std::shared_ptr<actor_tree> tree;
  std::shared_ptr<const activity_history> history;
  std::chrono::system_clock::time_point up_since; ///< The daemon's start.
  std::function<void()> on_drain;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<fault_injection> faults = {}; ///< Null: nobody may make anything fail.
};

/// Owns the admin endpoint's HTTP server, on an address of its own.
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
  /// Has every actor asked how it is, and passes the body of GET /status on.
  void with_status(const std::function<void(const std::string&)>& use);
  void watch(const admin_call_ptr& call);
  void tick_later();
  void scale(const admin_call_ptr& call);

  admin_server_self::pointer self_;
  std::unique_ptr<http::server> server_;
  std::unique_ptr<live_feed> feed_;
  bool ticking_ = false;  ///< A tick is on its way.
  bool sampling_ = false; ///< The status for the next sample is being asked for.
  steady_clock::time_point sampled_;
};

admin_server_self::behavior_type admin_server(admin_server_self::stateful_pointer<admin_server_state> self,
                                              admin_parts parts);

} // namespace winnow
