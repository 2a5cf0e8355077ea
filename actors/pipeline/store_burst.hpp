#pragma once

#include "actors/pipeline/recommender_self.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/runtime/deadline_watch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <vector>

namespace winnow {

/// Gathers the commands that the recommender has for the store while it works through a burst of messages,
/// and asks the gateway once for all of them. Asked for each, the gateway, whose thread wakes at the first,
/// would run many small pipelines instead of one.
class store_burst : public std::enable_shared_from_this<store_burst> {
public:
  using watch_ptr = std::shared_ptr<deadline_watch<recommender_self>>;
  using reply_handler = std::function<void(const store_reply&)>;
  using error_handler = std::function<void(const caf::error&)>;

  store_burst(recommender_self::pointer self, watch_ptr watch)
      : self_(self), flush_(self), watch_(std::move(watch)) {}

  /// Runs one of the handlers exactly once: `on_error` with `caf::sec::request_timeout` after `limit`. What
  /// is not sent when the recommender ends is forgotten; its handlers go.
  void ask(store_command command, std::chrono::milliseconds limit, reply_handler on_reply,
           error_handler on_error);

  /// Whom to ask from now on: of what is not sent yet, too, also for requests that began before a restart.
  void use(const redis_gateway_actor& gateway) { gateway_ = gateway; }

  /// To be called upon the message that `ask` sends to the recommender itself, behind the burst.
  void flush();

  /// Forgets what was not sent.
  void abandon() { waiting_.clear(); }

private:
  struct question {
    deadline_watch<recommender_self>::ticket ticket;
    reply_handler on_reply;
    error_handler on_error;
  };

  recommender_self::pointer self_;
  burst_signal<recommender_self, flush_atom> flush_;
  watch_ptr watch_;
  redis_gateway_actor gateway_;
  std::vector<store_command> commands_;
  std::vector<question> waiting_;
};

} // namespace winnow
