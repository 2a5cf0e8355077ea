#pragma once

#include "actors/interfaces.hpp"
#include "actors/message_types.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <memory>
#include <optional>
#include <vector>

namespace winnow::test {

/// The outcome of a request; both members are empty while it is pending.
template<class Reply>
struct asked {
  std::optional<Reply> reply;
  std::optional<caf::error> failure;

  bool pending() const { return !reply && !failure; }
};

template<class Reply>
using asked_ptr = std::shared_ptr<const asked<Reply>>;

/// An actor system that runs in the test's own thread, and only when the test says so. The test also advances
/// the clock of the actors' time-outs. That does not affect deadlines, which actors compare with the real
/// clock.
class actor_world {
public:
  actor_world() {
    config_.set("scheduler.policy", caf::atom("testing"));
    winnow::add_message_types(config_);
    system_.emplace(config_);
  }

  ~actor_world() {
    run();
    for (const auto& spawned : spawned_)
      caf::anon_send_exit(spawned, caf::exit_reason::user_shutdown);
    spawned_.clear();
    run();
  }

  actor_world(const actor_world&) = delete;
  actor_world& operator=(const actor_world&) = delete;

  /// Spawns an actor that ends no later than this world.
  template<class Function, class... Arguments>
  auto spawn(Function function, Arguments&&... arguments) {
    auto made = system_->spawn(function, std::forward<Arguments>(arguments)...);
    spawned_.push_back(caf::actor_cast<caf::actor>(made));
    return made;
  }

  /// Sends a request that times out after `limit`, then runs the actors. The result is pending if the request
  /// cannot be answered until time passes.
  template<class Reply, class Handle, class... Arguments>
  asked_ptr<Reply> ask(const Handle& whom, caf::duration limit, Arguments... arguments) {
    auto slot = std::make_shared<asked<Reply>>();
    system_->spawn(
        [slot, limit](caf::event_based_actor* self, const Handle& target, const Arguments&... sent) {
          self->request(target, limit, sent...)
              .then([slot](const Reply& reply) { slot->reply = reply; },
                    [slot](const caf::error& reason) { slot->failure = reason; });
        },
        whom, arguments...);
    run();
    return slot;
  }

  template<class Handle, class... Arguments>
  void tell(const Handle& whom, Arguments&&... arguments) {
    caf::anon_send(whom, std::forward<Arguments>(arguments)...);
    run();
  }

  template<class Handle>
  void kill(const Handle& whom, caf::exit_reason reason = caf::exit_reason::kill) {
    caf::anon_send_exit(whom, reason);
    run();
  }

  /// Runs until nothing more happens unless time passes.
  void run() { scheduler().run(); }

  /// Advances the actors' clock, then runs.
  void advance(std::chrono::milliseconds time) {
    scheduler().advance_time(time);
    run();
  }

  caf::actor_system& system() { return *system_; }

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  }

  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
  std::vector<caf::actor> spawned_;
};

} // namespace winnow::test
