#pragma once

#include "actors/interfaces.hpp"
#include "actors/status/activity_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "config/settings/settings.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <map>
#include <vector>

namespace winnow {

/// One actor in a report.
struct reported_actor {
  actor_status status;
  actor_figures figures;
};

struct status_report {
  std::vector<reported_actor> actors; ///< In the order of the tree: each behind its parent.
};

/// A report of the actors as their records say, without asking them.
status_report_ptr report_of(const actor_tree& tree, const activity_history& history);

/// What the introspector works with.
struct introspector_parts {
  std::shared_ptr<actor_tree> tree;
  std::shared_ptr<activity_history> history;
  std::chrono::milliseconds stuck_after = admin_settings{}.stuck_after; ///< Longer silence is logged.
  actor_record_ptr record = std::make_shared<actor_record>();
};

/// The introspector as it sees itself: with the messages that it sends to itself.
using introspector_self = introspector_actor::extend<
    // Once a second.
    caf::reacts_to<tick_atom>,
    // The round with this number has waited long enough.
    caf::reacts_to<patience_atom, std::uint64_t>>;

/// Asks every actor how it is, once a second and for every report: who does not answer within `patience` is
/// marked as silent in his record. Nobody is asked again who still owes an answer, so the mailbox of an actor
/// that hangs for long does not grow.
struct introspector_state {
  static inline const char* name = "introspector";

  static constexpr std::chrono::milliseconds patience{200};

  explicit introspector_state(introspector_self::pointer owner) : self_(owner) {}
  ~introspector_state(); ///< Answers who still waits for a report.

  void start(introspector_parts parts);
  caf::result<status_report_ptr> report();
  void tick();
  void end_round(std::uint64_t number);

  introspector_parts parts_;

private:
  /// An answer that is owed.
  struct owed_answer {
    actor_record_ptr record;
    steady_clock::time_point asked;
    bool told = false; ///< Its silence was logged.
  };

  void begin_round();
  void ask(const actor_tree::place& whom);
  void take_answer(std::uint64_t id);
  void watch();

  introspector_self::pointer self_;
  std::map<std::uint64_t, owed_answer> owed_; ///< By the record's id.
  std::uint64_t round_ = 0;                   ///< The number of the one under way.
  bool asking_ = false;                       ///< A round is under way.
  std::vector<caf::typed_response_promise<status_report_ptr>> waiting_;
};

introspector_self::behavior_type introspector(introspector_self::stateful_pointer<introspector_state> self,
                                              introspector_parts parts);

} // namespace winnow
