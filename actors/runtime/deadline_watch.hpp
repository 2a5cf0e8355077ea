#pragma once

#include "actors/messages.hpp"
#include "actors/status/actor_record.hpp"

#include <algorithm>
#include <caf/sec.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace winnow {

/// Time-outs for an actor that sends thousands of requests a second. Each of CAF's own time-outs wakes its
/// clock thread twice, once to set it and once to cancel it; that thread alone took a tenth of the daemon's
/// CPU time under load. Here a single tick, sent when the earliest time-out is due, serves all pending ones.
/// Ticks are rare because nearly all requests are settled long before. A reply that arrives after its
/// time-out is dropped.
///
/// A request costs one allocation here, whatever its handlers hold.
///
/// Lives in the state of the actor that `Handle` describes. That actor's interface has
/// `reacts_to<tick_atom>`, and its handler calls `tick`.
template<class Handle>
class deadline_watch : public std::enable_shared_from_this<deadline_watch<Handle>> {
public:
  using ticket = std::pair<steady_clock::time_point, std::uint64_t>;

  /// Something that waits, and for which there is a time-out.
  class waiting {
  public:
    waiting() = default;
    virtual ~waiting() = default;
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;

    virtual void expire() = 0; ///< Called at the time-out.
  };

  /// @param resolution How late a time-out may be noticed if many expire. Each tick wakes the actor and
  ///   CAF's clock thread.
  explicit deadline_watch(typename Handle::pointer self,
                          std::chrono::milliseconds resolution = std::chrono::milliseconds(10))
      : self_(self), resolution_(resolution) {}

  /// Sets the record to which the handlers' activities are attributed.
  void account_to(actor_record_ptr record) { record_ = std::move(record); }

  /// Sends a request to `target`. Runs either `on_reply` with the reply or `on_error` with the error, exactly
  /// once. The error is `caf::sec::request_timeout` if no reply arrives within `limit`.
  template<class Reply, class Target, class OnReply, class OnError, class... Arguments>
  void ask(const Target& target, std::chrono::milliseconds limit, OnReply on_reply, OnError on_error,
           Arguments&&... arguments) {
    const auto asked = std::make_shared<question<OnReply, OnError>>(std::move(on_reply), std::move(on_error));
    const auto pending = expect(limit, asked);
    auto watch = this->shared_from_this();
    self_->request(target, caf::infinite, std::forward<Arguments>(arguments)...)
        .then(
            [watch, pending, asked](const Reply& reply) {
              const auto now = watch->working("handling a reply");
              if (watch->settle(pending))
                asked->on_reply(reply);
            },
            [watch, pending, asked](const caf::error& reason) {
              const auto now = watch->working("handling an error");
              if (watch->settle(pending))
                asked->on_error(reason);
            });
  }

  /// Expires `what` after `limit` unless the ticket is settled first.
  ticket expect(std::chrono::milliseconds limit, std::shared_ptr<waiting> what) {
    const auto now = self_->clock().now();
    const ticket given{now + limit, ++last_ticket_};
    waiting_.emplace(given, std::move(what));
    arm(now);
    return given;
  }

  /// The same, with a function to run.
  ticket expect(std::chrono::milliseconds limit, std::function<void()> expired) {
    return expect(limit, std::make_shared<alarm>(std::move(expired)));
  }

  /// Returns whether the ticket was still pending. If so, it no longer expires.
  bool settle(const ticket& given) { return waiting_.erase(given) > 0; }

  /// Records what the actor does for the lifetime of the result.
  activity working(const char* what) { return activity(*record_, what); }

  /// Runs the handlers of all time-outs that have expired.
  void tick() {
    const activity expiring(*record_, "expiring time-outs");
    const auto now = self_->clock().now();
    while (!waiting_.empty() && waiting_.begin()->first.first <= now) {
      const auto expired = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      expired->expire();
    }
    if (armed_for_ && *armed_for_ <= now)
      armed_for_.reset();
    arm(now);
  }

  /// Drops all pending time-outs; their handlers never run. Called when the actor ends, because a pending
  /// handler may hold a reference to the watch itself.
  void abandon() {
    const auto dropped = std::exchange(waiting_, {}); // what they hold may settle others as it is destroyed
  }

private:
  template<class OnReply, class OnError>
  struct question : waiting {
    question(OnReply replied, OnError failed) : on_reply(std::move(replied)), on_error(std::move(failed)) {}
    void expire() override { on_error(make_error(caf::sec::request_timeout)); }

    OnReply on_reply;
    OnError on_error;
  };

  struct alarm : waiting {
    explicit alarm(std::function<void()> expired) : run(std::move(expired)) {}
    void expire() override { run(); }

    std::function<void()> run;
  };

  /// Schedules a tick for the earliest time-out. A tick scheduled earlier for a later time still arrives, and
  /// finds nothing to do.
  void arm(steady_clock::time_point now) {
    if (waiting_.empty())
      return;
    const auto wanted = std::max(waiting_.begin()->first.first, now + resolution_);
    if (armed_for_ && *armed_for_ <= wanted)
      return;
    armed_for_ = wanted;
    self_->delayed_send(self_, wanted - now, tick_atom_v);
  }

  typename Handle::pointer self_;
  const std::chrono::milliseconds resolution_;
  actor_record_ptr record_ = std::make_shared<actor_record>();
  std::map<ticket, std::shared_ptr<waiting>> waiting_;
  std::uint64_t last_ticket_ = 0;
  std::optional<steady_clock::time_point> armed_for_; ///< When the next tick is due; nullopt if none is.
};

} // namespace winnow
