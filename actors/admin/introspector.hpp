#pragma once

#include "actors/interfaces.hpp"
#include "actors/status/activity_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace winnow {

/// One actor in a report.
struct reported_actor {
  actor_status status;
  actor_figures figures;
};

struct status_report {
  std::vector<reported_actor> actors; ///< In tree order: each after its parent.
};

/// Builds a report from the actors' records alone, without asking the actors.
status_report_ptr report_of(const actor_tree& tree, const activity_history& history);

/// What the introspector needs.
struct introspector_parts {
  std::shared_ptr<actor_tree> tree;
  std::shared_ptr<activity_history> history;
  std::chrono::milliseconds stuck_after = admin_settings{}.stuck_after; ///< Longer silences are logged.
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  /// The actors without which the daemon is not ready. If one of them is silent for longer than
  /// `stuck_after`, the health board says so.
  std::vector<std::string> indispensable = {"supervisor",  "redis_gateway",  "background_gateway",
                                            "recommender", "profile_poller", "http_server"};
  /// Called once a second while none of these is silent for longer than `stuck_after`, on this actor's
  /// thread.
  std::function<void()> on_progress = [] {};
};

/// The introspector's own interface, extended by the messages that it sends to itself.
using introspector_self = introspector_actor::extend<
    // Once a second: takes a sample.
    caf::reacts_to<tick_atom>,
    // Ends the round with this number.
    caf::reacts_to<patience_atom, std::uint64_t>>;

/// Requests the status of every actor, once a second and for each report. An actor that does not answer
/// within `patience` is marked as silent in its record. An actor that still owes an answer gets no further
/// request, so the mailbox of a hanging actor does not grow.
struct introspector_state {
  static inline const char* name = "introspector";

  static constexpr std::chrono::milliseconds patience{200};

  explicit introspector_state(introspector_self::pointer owner) : self_(owner) {}
  ~introspector_state(); ///< Fails the pending report requests.

  void start(introspector_parts parts);
  caf::result<status_report_ptr> report();
  void tick();
  void end_round(std::uint64_t number);

  introspector_parts parts_;

private:
  /// A status request that is not answered yet.
  struct owed_answer {
    actor_record_ptr record;
    steady_clock::time_point asked; ///< When the request was sent.
    bool logged = false;            ///< Whether the silence was logged, as it was longer than `stuck_after`.
  };

  void begin_round();
  void ask(const actor_tree::place& place);
  void take_answer(std::uint64_t id);
  void log_stuck_actors();
  std::vector<std::string> stuck_actors() const;

  introspector_self::pointer self_;
  std::map<std::uint64_t, owed_answer> owed_; ///< By the record's id.
  std::uint64_t round_ = 0;                   ///< The number of the current or last round.
  bool asking_ = false;                       ///< Whether a round is in progress.
  std::vector<caf::typed_response_promise<status_report_ptr>> waiting_;
};

introspector_self::behavior_type introspector(introspector_self::stateful_pointer<introspector_state> self,
                                              introspector_parts parts);

} // namespace winnow
