#include "actors/store/change_listener.hpp"

#include "actors/runtime/crash_reason.hpp"

#include <utility>

namespace winnow {

namespace {

// The longest single wait. Meanwhile the actor handles no other message, not even an exit.
constexpr std::chrono::milliseconds wait_limit{100};

// How often a replica that does not lead looks whether it does.
constexpr std::chrono::milliseconds role_check{50};

} // namespace

change_listener_self::behavior_type
change_listener(change_listener_self::stateful_pointer<change_listener_state> self,
                std::shared_ptr<change_tracker> tracker, const actor_record_ptr& record,
                const fleet_board_ptr& fleet) {
  self->set_exception_handler(crash_reason);
  return {[self](wire_atom, const neighbours_ptr& neighbours) {
            if (!std::exchange(self->state.neighbours, neighbours))
              self->send(self, pump_atom_v); // starts only once the poller is known
          },
          [self, tracker = std::move(tracker), record, fleet](pump_atom) {
            if (fleet && !fleet->listens()) {
              tracker->rest();
              return self->delayed_send(self, role_check, pump_atom_v);
            }
            const activity waiting(*record, "waiting for announcements", activity::kind::wait);
            auto batch = tracker->wait(wait_limit);
            if (!batch) {
              self->send(self->state.neighbours->poller, untracked_atom_v, batch.error().message);
            } else if (batch->lost || !batch->changed.empty() || !batch->interrupted.empty()) {
              record->handled();
              self->send(self->state.neighbours->poller, changed_atom_v,
                         std::make_shared<const change_batch>(std::move(*batch)));
            }
            self->send(self, pump_atom_v);
          },
          [record](status_atom) { return status_of(*record); }};
}

} // namespace winnow
