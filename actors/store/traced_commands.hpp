#pragma once

#include "actors/interfaces.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "actors/runtime/request_failure.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace winnow {

/// The failure of the first command that failed; nullopt if none did.
inline std::optional<fault> failure_of(const std::vector<store_reply>& replies) {
  for (const auto& reply : replies)
    if (!reply)
      return reply.error().cause;
  return std::nullopt;
}

/// Has a gateway run the commands of a step, which ends with the replies, or with the error. The handlers are
/// those of `deadline_watch::ask`. The gateway is told of the step only if it is of a trace.
template<class Handle, class OnReply, class OnError>
void run_commands(deadline_watch<Handle>& watch, const redis_gateway_actor& gateway,
                  std::chrono::milliseconds limit, store_commands commands, const traced_step& step,
                  OnReply on_reply, OnError on_error) {
  auto replied = [step, on_reply = std::move(on_reply)](const store_replies& replies) {
    step.end(failure_of(*replies));
    on_reply(replies);
  };
  auto failed = [step, on_error = std::move(on_error)](const caf::error& reason) {
    step.end(timed_out(reason) ? fault::timeout : fault::unavailable);
    on_error(reason);
  };
  if (step)
    watch.template ask<store_replies>(gateway, limit, std::move(replied), std::move(failed), execute_atom_v,
                                      std::move(commands),
                                      std::make_shared<const std::vector<traced_step>>(1, step));
  else
    watch.template ask<store_replies>(gateway, limit, std::move(replied), std::move(failed), execute_atom_v,
                                      std::move(commands));
}

} // namespace winnow
