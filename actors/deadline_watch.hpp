#pragma once

#include "actors/actor_record.hpp"
#include "actors/messages.hpp"

#include <caf/sec.hpp>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace winnow {

/// Time-outs for an actor that asks others thousands of times a second. Each time-out of CAF's own wakes its
/// clock thread twice, once to set and once to cancel it: that thread alone took a tenth of the daemon's CPU
/// time under load. Here one tick looks after all that is under way. An answer that comes after its time-out
/// is dropped.
///
/// Lives in the state of the actor `Handle` describes, whose interface has `reacts_to<tick_atom>` and calls
/// `tick`.
template<class Handle>
class deadline_watch : public std::enable_shared_from_this<deadline_watch<Handle>> {
public:
  /// @param resolution How late a time-out may be noticed; each look wakes the clock thread and the actor.
  explicit deadline_watch(typename Handle::pointer self,
                          std::chrono::milliseconds resolution = std::chrono::milliseconds(10))
      : self_(self), resolution_(resolution) {}

  /// Whose time the handlers take.
  void account_to(actor_record_ptr record) { record_ = std::move(record); }

  /// Asks `target` and runs either `on_reply` with its answer or `on_error` with why there is none, exactly
  /// once: `caf::sec::request_timeout` after `limit`.
  template<class Reply, class Target, class OnReply, class OnError, class... Arguments>
  void ask(const Target& target, std::chrono::milliseconds limit, OnReply on_reply, OnError on_error,
           Arguments&&... arguments) {
    const auto ticket =
        add(self_->clock().now() + limit, [on_error] { on_error(make_error(caf::sec::request_timeout)); });
    auto watch = this->shared_from_this();
    self_->request(target, caf::infinite, std::forward<Arguments>(arguments)...)
        .then(
            [watch, ticket, on_reply](const Reply& reply) {
              const activity now(*watch->record_, "taking an answer");
              if (watch->settle(ticket))
                on_reply(reply);
            },
            [watch, ticket, on_error](const caf::error& reason) {
              const activity now(*watch->record_, "taking a refusal");
              if (watch->settle(ticket))
                on_error(reason);
            });
  }

  /// Runs what is past its time.
  void tick() {
    const activity looking(*record_, "looking after time-outs");
    const auto now = self_->clock().now();
    while (!waiting_.empty() && waiting_.begin()->first.first <= now) {
      const auto expired = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      expired();
    }
    armed_ = false;
    arm();
  }

  /// Forgets all that is under way; its handlers never run. Called when the actor ends, as what is under way
  /// may hold on to the watch itself.
  void abandon() { waiting_.clear(); }

private:
  using ticket_type = std::pair<steady_clock::time_point, std::uint64_t>;

  ticket_type add(steady_clock::time_point when, std::function<void()> expired) {
    const ticket_type ticket{when, ++last_ticket_};
    waiting_.emplace(ticket, std::move(expired));
    arm();
    return ticket;
  }

  bool settle(const ticket_type& ticket) { return waiting_.erase(ticket) > 0; }

  void arm() {
    if (armed_ || waiting_.empty())
      return;
    armed_ = true;
    self_->delayed_send(self_, resolution_, tick_atom_v);
  }

  typename Handle::pointer self_;
  const std::chrono::milliseconds resolution_;
  actor_record_ptr record_ = std::make_shared<actor_record>();
  std::map<ticket_type, std::function<void()>> waiting_;
  std::uint64_t last_ticket_ = 0;
  bool armed_ = false;
};

} // namespace winnow
