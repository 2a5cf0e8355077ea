#pragma once

#include "actors/http_messages.hpp"
#include "actors/registry/model_registry.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/status/activity_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/rules_board.hpp"
#include "actors/tracing/tracer.hpp"
#include "config/settings/settings.hpp"
#include "http/router.hpp"
#include "models/online/taken_watch.hpp"

#include <functional>
#include <memory>

namespace winnow {

/// What the admin endpoint's routes need. Routes that need no actor are answered on the I/O thread, so a
/// hanging actor can be killed even if others hang as well.
struct admin_routes_parts {
  admin_settings admin;
  /// What requests that change something must carry, if `admin.token` is empty. Never empty then. With
  /// `admin.token_file`, it is as good as `admin.token`.
  std::string steering_token;
  std::shared_ptr<actor_tree> tree;
  std::shared_ptr<const activity_history> history;
  std::function<void()> on_drain;              ///< Called on the I/O thread; must not block.
  std::function<void(admin_call_ptr)> pass_on; ///< Called on the I/O thread; must not block.
  std::shared_ptr<fault_injection> faults;     ///< Null if fault injection is disabled.
  tracer_ptr traces = {};                      ///< Null: nothing is traced.
  std::shared_ptr<model_registry> registry = {};
  std::shared_ptr<const taken_watch> taken = {}; ///< Null: what users take is not watched.
  rules_board_ptr rules = {};                    ///< Null without a file of rules.
};

/// Builds the routes for operators. None of them is served on the public port.
std::shared_ptr<const http::router> make_admin_routes(const admin_routes_parts& parts);

} // namespace winnow
