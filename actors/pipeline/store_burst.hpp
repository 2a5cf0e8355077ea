#pragma once

#include "actors/pipeline/recommender_self.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/runtime/deadline_watch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <utility>
#include <vector>

namespace winnow {

/// Gathers the recommender's store commands during a burst of messages and sends them to the gateway in one
/// request, or a long burst in several. If they were sent one by one, the gateway's thread would wake at the
/// first one and run many small pipelines instead of one.
class store_burst : public std::enable_shared_from_this<store_burst> {
public:
  using watch_type = deadline_watch<recommender_self>;
  using watch_ptr = std::shared_ptr<watch_type>;

  store_burst(recommender_self::pointer self, watch_ptr watch)
      : self_(self), flush_(self), watch_(std::move(watch)) {}

  /// Queues a command. Runs exactly one of the handlers, once: `on_error` gets `caf::sec::request_timeout` if
  /// there is no reply within `limit`. If the recommender ends before the command is sent, both handlers are
  /// destroyed without running.
  /// @param step Ends with the reply or the error.
  template<class OnReply, class OnError>
  void ask(store_command command, const traced_step& step, std::chrono::milliseconds limit, OnReply on_reply,
           OnError on_error) {
    add(std::move(command), limit,
        std::make_shared<question_with<OnReply, OnError>>(step, std::move(on_reply), std::move(on_error)));
  }

  /// Sets the gateway. Also applies to commands that are queued but not sent, for example after a restart of
  /// the gateway.
  void use(const redis_gateway_actor& gateway) { gateway_ = gateway; }

  /// Sends the queued commands. Called on the message that `ask` sends to the recommender itself, after the
  /// burst.
  void flush();

  /// Drops the commands that were not sent.
  void abandon() { waiting_.clear(); }

private:
  /// A command whose reply is awaited. Exactly one of its functions is called, once.
  struct question : watch_type::waiting {
    explicit question(traced_step given) : step(std::move(given)) {}
    virtual void replied(const store_reply& reply) = 0;
    virtual void failed(const caf::error& reason) = 0;
    void expire() override {
      step.end(fault::timeout);
      failed(make_error(caf::sec::request_timeout));
    }

    traced_step step;
    watch_type::ticket ticket;
  };

  template<class OnReply, class OnError>
  struct question_with : question {
    question_with(traced_step given, OnReply reply_handler, OnError error_handler)
        : question(std::move(given)), on_reply(std::move(reply_handler)), on_error(std::move(error_handler)) {
    }
    void replied(const store_reply& reply) override { on_reply(reply); }
    void failed(const caf::error& reason) override { on_error(reason); }

    OnReply on_reply;
    OnError on_error;
  };

  void add(store_command command, std::chrono::milliseconds limit, std::shared_ptr<question> asked);

  recommender_self::pointer self_;
  burst_signal<recommender_self, flush_atom> flush_;
  watch_ptr watch_;
  redis_gateway_actor gateway_;
  std::vector<store_command> commands_;
  std::vector<std::shared_ptr<question>> waiting_;
};

} // namespace winnow
