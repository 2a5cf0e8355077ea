#pragma once

#include "actors/stages/fault_injection.hpp"
#include "actors/status/activity_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "config/settings/settings.hpp"
#include "http/router.hpp"

#include <functional>
#include <memory>

namespace winnow {

/// What the admin endpoint's routes need. Those that no actor is needed for are answered on the I/O thread:
/// an actor that hangs can be killed whoever else hangs.
struct admin_routes_parts {
  admin_settings admin;
  std::shared_ptr<actor_tree> tree;
  std::shared_ptr<const activity_history> history;
  std::function<void()> on_drain;              ///< Called on the I/O thread: must not block.
  std::function<void(admin_call_ptr)> pass_on; ///< The same.
  std::shared_ptr<fault_injection> faults;     ///< Null: nobody may make anything fail.
};

/// What operators may ask for. None of it is served on the public port.
std::shared_ptr<const http::router> make_admin_routes(const admin_routes_parts& parts);

} // namespace winnow
