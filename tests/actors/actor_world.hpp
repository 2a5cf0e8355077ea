#pragma once

#include "actors/interfaces.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <memory>
#include <optional>
#include <vector>

namespace winnow::test {

/// What came of a request, as soon as it is there.
template<class Reply>
struct asked {
  std::optional<Reply> reply;
  std::optional<caf::error> failure;

  bool pending() const { return !reply && !failure; }
};

template<class Reply>
using asked_ptr = std::shared_ptr<const asked<Reply>>;

/// Actors on a scheduler that moves only when told to, in the test's own thread, with a clock that is
/// advanced by hand. Deadlines, which the actors compare with the real clock, are not moved by it.
class actor_world {
public:
  actor_world() {
    config_.set("scheduler.policy", caf::atom("testing"));
    config_.add_message_types<caf::id_block::winnow>();
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

  /// Spawns an actor that ends with this world at the latest.
  template<class Function, class... Arguments>
  auto spawn(Function function, Arguments&&... arguments) {
    auto made = system_->spawn(function, std::forward<Arguments>(arguments)...);
    spawned_.push_back(caf::actor_cast<caf::actor>(made));
    return made;
  }

  /// Asks an actor, waiting for the answer at most for `limit`. The request is under way when this returns,
  /// and answered as far as that is possible without time passing.
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

  /// Runs until nothing more happens without time passing.
  void run() { scheduler().run(); }

  /// Lets the actors' clock go on, then runs.
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
