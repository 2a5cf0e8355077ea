#include "actors/items/item_keeper.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "actors/runtime/request_failure.hpp"
#include "config/log/log.hpp"
#include "config/system/thread_priority.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

constexpr int nicer = 5; // like computing: requests go first
constexpr std::chrono::milliseconds look_after_interval{1000};
constexpr std::chrono::milliseconds shortest_interval{5};
constexpr std::chrono::seconds dress_patience{10};

item_reply refusal(error why) {
  return std::make_shared<const result<item_state>>(tl::make_unexpected(std::move(why)));
}

/// When to look after the desk again: when the next item expires, but soon in any case.
std::chrono::milliseconds interval_until(std::optional<std::int64_t> expiry) {
  if (!expiry)
    return look_after_interval;
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return std::clamp(std::chrono::milliseconds(*expiry) - now, shortest_interval, look_after_interval);
}

} // namespace

item_keeper_state::~item_keeper_state() {
  for (auto& one : waiting_)
    one.answer.deliver(refusal({fault::unavailable, "the item keeper is stopping"}));
}

void item_keeper_state::start(item_keeper_parts parts) {
  parts_ = std::move(parts);
  if (parts_.is_in_fleet)
    parts_.desk->share();
  lower_thread_priority(nicer, "the item keeper");
  report();
  self_->send(self_, tick_atom_v);
}

caf::result<item_reply> item_keeper_state::update(const item_change_ptr& change) {
  waiting_.push_back({change, self_->make_response_promise<item_reply>()});
  if (waiting_.size() == 1)
    self_->send(self_, flush_atom_v);
  return waiting_.back().answer;
}

void item_keeper_state::apply() {
  const activity applying(*parts_.record, "applying changes of items");
  const auto changes = std::make_shared<std::vector<pending>>(std::exchange(waiting_, {}));
  std::vector<item_change_ptr> wanted;
  for (const auto& one : *changes)
    wanted.push_back(one.change);
  const auto states = std::make_shared<const std::vector<result<item_state>>>(parts_.desk->apply(wanted));
  parts_.record->handled(changes->size());
  report();
  tell(parts_.desk->take_said());
  self_->request(parts_.supervisor, dress_patience, dress_atom_v)
      .then(
          [changes, states](bool) {
            for (std::size_t i = 0; i < changes->size(); ++i)
              (*changes)[i].answer.deliver(std::make_shared<const result<item_state>>((*states)[i]));
          },
          [changes](const caf::error& reason) {
            for (auto& one : *changes)
              one.answer.deliver(refusal(unavailable("the change is kept, but not in effect yet", reason)));
          });
}

void item_keeper_state::look_after() {
  const activity looking(*parts_.record, "looking after the items");
  const bool changed = parts_.desk->look_after();
  report();
  self_->delayed_send(self_, interval_until(parts_.desk->next_expiry()), tick_atom_v);
  if (changed)
    dress();
}

void item_keeper_state::dress() {
  self_->request(parts_.supervisor, dress_patience, dress_atom_v)
      .then([](bool) {},
            [](const caf::error& reason) {
              log_event(log_level::error, name, "changed items are not in effect yet",
                        {{"reason", to_string(reason)}});
            });
}

/// What is said while the fleet member is restarted is among all that it then asks for.
void item_keeper_state::tell(std::vector<item_fact> facts) {
  if (fleet_ && !facts.empty())
    self_->send(fleet_, update_atom_v,
                std::make_shared<const told_items>(told_items{std::move(facts), false}));
}

void item_keeper_state::take(const told_items& told) {
  const activity taking(*parts_.record, "taking what other replicas were told");
  if (parts_.desk->take(told.facts)) {
    report();
    dress();
  }
  if (told.all)
    tell(parts_.desk->ahead_of(told.facts));
}

void item_keeper_state::report() {
  const auto now = parts_.desk->counts();
  const auto before = std::exchange(*parts_.told, now);
  auto& meters = parts_.meters->items;
  meters.holds(now.hidden, now.expired, now.denied, now.updated);
  meters.read("items", true, now.items_read - before.items_read);
  meters.read("items", false, now.items_refused - before.items_refused);
  meters.read("deny", true, now.deny_read - before.deny_read);
  meters.read("deny", false, now.deny_refused - before.deny_refused);
  meters.kept(now.unkept_because.empty());
  parts_.health->items_unkept(now.unkept_because);
}

actor_status_ptr item_keeper_state::status() const {
  parts_.record->in_flight(waiting_.size());
  return status_of(*parts_.record);
}

item_keeper_self::behavior_type item_keeper(item_keeper_self::stateful_pointer<item_keeper_state> self,
                                            item_keeper_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](update_atom, const item_change_ptr& change) { return self->state.update(change); },
          [self](update_atom, const told_items_ptr& told) { self->state.take(*told); },
          [self](wire_atom, const neighbours_ptr& neighbours) { self->state.wire(neighbours); },
          [self](flush_atom) { self->state.apply(); },
          [self](tick_atom) { self->state.look_after(); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
