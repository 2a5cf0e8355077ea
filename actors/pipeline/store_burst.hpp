#pragma once

#include "actors/pipeline/recommender_self.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/runtime/deadline_watch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <vector>

namespace winnow {

/// Gathers the recommender's store commands during a burst of messages and sends them to the gateway in one
/// request, or a long burst in several. If they were sent one by one, the gateway's thread would wake at the
/// first one and run many small pipelines instead of one.
class store_burst : public std::enable_shared_from_this<store_burst> {
public:
  using watch_ptr = std::shared_ptr<deadline_watch<recommender_self>>;
  using reply_handler = std::function<void(const store_reply&)>;
  using error_handler = std::function<void(const caf::error&)>;

  store_burst(recommender_self::pointer self, watch_ptr watch)
      : self_(self), flush_(self), watch_(std::move(watch)) {}

  /// Queues a command. Runs exactly one of the handlers, once: `on_error` gets `caf::sec::request_timeout` if
  /// there is no reply within `limit`. If the recommender ends before the command is sent, both handlers are
  /// destroyed without running.
  /// @param step Ends with the reply or the error.
  void ask(store_command command, const traced_step& step, std::chrono::milliseconds limit,
           reply_handler on_reply, error_handler on_error);

  /// Sets the gateway. Also applies to commands that are queued but not sent, for example after a restart of
  /// the gateway.
  void use(const redis_gateway_actor& gateway) { gateway_ = gateway; }

  /// Sends the queued commands. Called on the message that `ask` sends to the recommender itself, after the
  /// burst.
  void flush();

  /// Drops the commands that were not sent.
  void abandon() { waiting_.clear(); }

private:
  struct question {
    deadline_watch<recommender_self>::ticket ticket;
    reply_handler on_reply;
    error_handler on_error;
    traced_step step;
  };

  recommender_self::pointer self_;
  burst_signal<recommender_self, flush_atom> flush_;
  watch_ptr watch_;
  redis_gateway_actor gateway_;
  std::vector<store_command> commands_;
  std::vector<question> waiting_;
};

} // namespace winnow
